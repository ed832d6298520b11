import { checkLabels } from "../internal/placement-checks";
import { checkStorage, checkVersion, durationSeconds, LABEL_NAME } from "../internal/prometheus-checks";
import { byteCount } from "../internal/quantity";
import { imageProblem, isIpv4Cidr } from "../internal/references";
import { checkResources } from "../internal/resource-checks";
import { Problems, isDnsLabel, isNodePort, isPort } from "../internal/validation";
import { GPU_EXPORTER_DEFAULTS } from "./gpu-exporter";
import { resolveAlerting, type ResolvedAlerting } from "./alertmanager-checks";
import type { MonitoringStorage } from "./alertmanager-settings";
import { checkAlerts, resolveAlerts } from "./alerts/alert-settings";
import { checkAccess } from "./monitoring-access-settings";
import { checkRemoteWrite } from "./monitoring-remote-write-checks";
import {
  EXISTING_DEFAULTS,
  MONITORING_DEFAULTS,
  type ExistingPrometheus,
  type MonitoringSettings,
} from "./monitoring-settings";

/** Inputs of Monitoring with every default filled in. */
export type ResolvedMonitoring = ReturnType<typeof resolveMonitoring>;

/** Each scrapes everything: beyond some it is only costly. */
const MOST_REPLICAS = 9;

/** "alertmanager-NAME-" and ten characters are a label of its pods. */
const LONGEST_NAME = 63 - "alertmanager-".length - 11;

/** What of a volume samples may take: the rest is for the log of the newest, and for compaction. */
const SHARE_OF_STORAGE = 0.8;

const SIZE = /^[1-9][0-9]*(KiB|MiB|GiB|TiB|KB|MB|GB|TB)$/;

/** What a Prometheus that is there already has itself, and `Monitoring` cannot set. */
const OF_OWN_PROMETHEUS = [
  "image",
  "version",
  "configReloaderImage",
  "retention",
  "retentionSize",
  "storage",
  "replicas",
  "scrapeInterval",
  "cpuRequest",
  "memoryRequest",
  "memoryLimit",
  "nodePort",
  "readerCidrs",
  "readers",
  "externalLabels",
  "remoteWrite",
  "alerting",
  "access",
] as const satisfies readonly (keyof MonitoringSettings)[];

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
    gpuExporters: (args.gpuExporters ?? MONITORING_DEFAULTS.gpuExporters).map(
      ({ namespace, podLabels = GPU_EXPORTER_DEFAULTS.podLabels }) => ({ namespace, podLabels }),
    ),
    dashboards: args.dashboards ?? MONITORING_DEFAULTS.dashboards,
    retentionSize: args.retentionSize ?? sizeFor(args.storage),
    storage: args.storage,
    replicas: args.replicas ?? MONITORING_DEFAULTS.replicas,
    externalLabels: args.externalLabels ?? MONITORING_DEFAULTS.externalLabels,
    remoteWrite: args.remoteWrite ?? MONITORING_DEFAULTS.remoteWrite,
    labels: args.labels ?? MONITORING_DEFAULTS.labels,
    existing: args.existing && { ...EXISTING_DEFAULTS, ...args.existing },
    access: args.access,
  };
  const problems = new Problems("Monitoring", name);
  problems.check(isDnsLabel(name), "name", `"${name}" must be a DNS label: it names the Prometheus`);
  problems.check(
    name.length <= LONGEST_NAME,
    "name",
    `"${name}" must have at most ${LONGEST_NAME} characters: labels of pods are made of it`,
  );
  for (const field of ["image", "configReloaderImage"] as const) {
    const image = settings[field];
    const wrong = image === undefined ? undefined : imageProblem(image);
    if (wrong) problems.add(field, wrong);
  }
  checkVersion(settings.version, "version", "2.42.0", problems);
  const { nodePort } = settings;
  if (nodePort !== undefined) {
    problems.check(isNodePort(nodePort), "nodePort", `${nodePort} must be from 30000 to 32767`);
  }
  for (const field of ["retention", "scrapeInterval"] as const) {
    const value = settings[field];
    problems.check(
      durationSeconds(value) !== undefined,
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
  checkStored(settings, args, problems);
  checkLabels("labels", settings.labels, problems);
  checkExternalLabels(settings.externalLabels, problems);
  checkRemoteWrite(settings.remoteWrite, "remoteWrite", problems);
  const given = args.alerting ?? MONITORING_DEFAULTS.alerting;
  let alerting: ResolvedAlerting | undefined;
  if (given !== false && args.existing === undefined)
    problems.absorb("alerting", () => (alerting = resolveAlerting(name, given)));
  if (settings.access) checkAccess(settings.access, "access", problems);
  if (settings.existing) checkExisting(settings.existing, args, problems);
  const alerts = args.alerts ?? MONITORING_DEFAULTS.alerts;
  if (alerts !== false) checkAlerts(alerts, problems);
  problems.throwIfAny();
  return { ...settings, alerting, alerts: alerts === false ? undefined : resolveAlerts(alerts) };
}

/** Bytes that Prometheus may fill of a volume. */
function sizeFor(storage: MonitoringStorage | undefined): string | undefined {
  const bytes = storage && byteCount(storage.size);
  if (!bytes) return undefined;
  return `${Math.max(1, Math.floor((bytes * SHARE_OF_STORAGE) / 2 ** 20))}MiB`;
}

function checkStored(
  {
    storage,
    retentionSize,
    replicas,
  }: Pick<MonitoringSettings, "storage" | "retentionSize"> & { readonly replicas: number },
  args: MonitoringSettings,
  problems: Problems,
): void {
  checkStorage(storage, "storage", problems);
  problems.check(
    Number.isInteger(replicas) && replicas >= 1 && replicas <= MOST_REPLICAS,
    "replicas",
    `${replicas} must be a whole number from 1 to ${MOST_REPLICAS}`,
  );
  if (args.retentionSize === undefined || retentionSize === undefined) return;
  problems.check(
    SIZE.test(retentionSize),
    "retentionSize",
    `"${retentionSize}" must be a size, as in "40GiB"`,
  );
  const kept = byteCount(retentionSize.replace(/B$/, "").replace(/^(\d+)K$/, "$1k"));
  const room = storage && byteCount(storage.size);
  problems.check(
    !kept || !room || kept < room,
    "retentionSize",
    `"${retentionSize}" must be less than \`storage.size\` ("${storage?.size}"), which holds the log of the newest samples too`,
  );
}

function checkExternalLabels(labels: Readonly<Record<string, string>>, problems: Problems): void {
  for (const [label, value] of Object.entries(labels)) {
    problems.check(
      LABEL_NAME.test(label) && !label.startsWith("__"),
      `externalLabels.${label}`,
      "must be a label of Prometheus: letters, digits and underscores, no digit and no two underscores first",
    );
    problems.check(
      !["prometheus", "prometheus_replica"].includes(label),
      `externalLabels.${label}`,
      "is set by the operator itself",
    );
    problems.check(value !== "", `externalLabels.${label}`, '"" must not be empty');
  }
}

function checkExisting(
  { namespace, podLabels, service, port }: Required<ExistingPrometheus>,
  args: MonitoringSettings,
  problems: Problems,
): void {
  problems.check(
    isDnsLabel(namespace),
    "existing.namespace",
    `"${namespace}" must be the name of a namespace`,
  );
  checkLabels("existing.podLabels", podLabels, problems);
  problems.check(
    Object.keys(podLabels).length > 0,
    "existing.podLabels",
    "must name at least one label: without one every pod of the namespace would be let in",
  );
  problems.check(isDnsLabel(service), "existing.service", `"${service}" must be the name of a Service`);
  problems.check(isPort(port), "existing.port", `${port} must be from 1 to 65535`);
  for (const field of OF_OWN_PROMETHEUS) {
    // "alerting: false" is what is so anyway.
    if (args[field] === undefined || args[field] === false) continue;
    problems.add(field, "cannot be given beside `existing`: that Prometheus is set up where it was made");
  }
}
