import type { Peer } from "../internal/network-policy";
import { imageProblem, isIpv4Cidr } from "../internal/references";
import { checkResources } from "../internal/resource-checks";
import { Problems, isDnsLabel, isNodePort } from "../internal/validation";

/** Settings of Monitoring that have a default. */
export interface MonitoringSettings {
  /**
   * Proxies of gateways to watch: `[gateway.proxies]`.
   * @default []
   */
  readonly proxies?: readonly Peer[];
  /**
   * Prometheus' image, with a digest.
   * @default the operator's own
   */
  readonly image?: string;
  /**
   * The version that `image` has, as in "2.42.0": the operator chooses flags by it.
   * @default the operator's own
   */
  readonly version?: string;
  /**
   * Image of the configuration reloader, with a digest.
   * @default the operator's own
   */
  readonly configReloaderImage?: string;
  /**
   * How long samples are kept.
   * @default "7d"
   */
  readonly retention?: string;
  /**
   * Time between two scrapes of a target.
   * @default "15s"
   */
  readonly scrapeInterval?: string;
  /**
   * CPU reserved.
   * @default "50m"
   */
  readonly cpuRequest?: string;
  /**
   * Memory reserved.
   * @default "256Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory at most.
   * @default "1Gi"
   */
  readonly memoryLimit?: string;
  /**
   * Port on every node (30000 to 32767) under which Prometheus answers `readerCidrs`.
   * @default none: Prometheus is reached inside the cluster only
   */
  readonly nodePort?: number;
  /**
   * IPv4 ranges outside the cluster that may query Prometheus.
   * @default []
   */
  readonly readerCidrs?: readonly string[];
  /**
   * Pods that may query Prometheus, such as KEDA's and Flagger's: `platform.prometheusReaders`.
   * @default []
   */
  readonly readers?: readonly Peer[];
  /**
   * Whether Grafana's dashboards of fleet, model and rollout are put beside Prometheus, as ConfigMaps that the sidecar of Grafana's
   * chart takes: label `grafana_dashboard`.
   * @default true
   */
  readonly dashboards?: boolean;
}

/** Defaults; a test ties each to its `@default` above. */
export const MONITORING_DEFAULTS = {
  retention: "7d",
  scrapeInterval: "15s",
  cpuRequest: "50m",
  memoryRequest: "256Mi",
  memoryLimit: "1Gi",
  readerCidrs: [] as readonly string[],
  readers: [] as readonly Peer[],
  proxies: [] as readonly Peer[],
  dashboards: true,
} as const;

/** Inputs of Monitoring with every default filled in. */
export type ResolvedMonitoring = ReturnType<typeof resolveMonitoring>;

const DURATION =
  /^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$/;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveMonitoring(name: string, args: MonitoringSettings) {
  const settings = {
    image: args.image,
    version: args.version,
    configReloaderImage: args.configReloaderImage,
    nodePort: args.nodePort,
    retention: args.retention ?? MONITORING_DEFAULTS.retention,
    scrapeInterval: args.scrapeInterval ?? MONITORING_DEFAULTS.scrapeInterval,
    cpuRequest: args.cpuRequest ?? MONITORING_DEFAULTS.cpuRequest,
    memoryRequest: args.memoryRequest ?? MONITORING_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? MONITORING_DEFAULTS.memoryLimit,
    readerCidrs: args.readerCidrs ?? MONITORING_DEFAULTS.readerCidrs,
    readers: args.readers ?? MONITORING_DEFAULTS.readers,
    proxies: args.proxies ?? MONITORING_DEFAULTS.proxies,
    dashboards: args.dashboards ?? MONITORING_DEFAULTS.dashboards,
  };
  const problems = new Problems("Monitoring", name);
  problems.check(isDnsLabel(name), "name", `"${name}" must be a DNS label: it names the Prometheus`);
  for (const field of ["image", "configReloaderImage"] as const) {
    const image = settings[field];
    const wrong = image === undefined ? undefined : imageProblem(image);
    if (wrong) problems.add(field, wrong);
  }
  const { version, nodePort } = settings;
  if (version !== undefined) {
    problems.check(
      /^\d+\.\d+\.\d+$/.test(version),
      "version",
      `"${version}" must be a version, as in "2.42.0"`,
    );
  }
  if (nodePort !== undefined) {
    problems.check(isNodePort(nodePort), "nodePort", `${nodePort} must be from 30000 to 32767`);
  }
  for (const field of ["retention", "scrapeInterval"] as const) {
    const value = settings[field];
    problems.check(
      value !== "" && DURATION.test(value),
      field,
      `"${value}" must be a duration, as in "15s" or "7d"`,
    );
  }
  checkResources(settings, problems);
  settings.readerCidrs.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `readerCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
  problems.throwIfAny();
  return settings;
}
