import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./config-error";
import type { TrafficState } from "../rollout/traffic-state";
import { readPools, type PoolConfig } from "./pool-config";
import { readTraffic } from "./traffic-config";
import { readServices, type ServiceConfig } from "./service-config";

/** One key of the configuration. */
export interface Setting {
  readonly type:
    | "text"
    | "port"
    | "count"
    | "image"
    | "list of texts"
    | "list of services"
    | "list of pools"
    | "map of services"
    | "map of receivers"
    | "map of texts"
    | "map"
    | "list of receivers"
    | "list of routes";
  /** Shown in the reference; undefined where the key must be given or may be left out. */
  readonly default?: string;
  readonly required?: boolean;
  /** Values, where only some are allowed. */
  readonly values?: readonly string[];
  /** Whether it holds secrets: it must then be set as one, and is never quoted. */
  readonly secret?: boolean;
  readonly doc: string;
}

/** Every key of the `slipway` namespace, once: what is read, checked and documented. */
export const SETTINGS = {
  runtimeImage: { type: "image", required: true, doc: "Image of the inference server, with a digest." },
  services: { type: "list of services", required: true, doc: "The services and their models; see below." },
  traffic: {
    type: "map of services",
    default: "all to the slot that `rollout` calls `live`",
    doc: "Which slot of a service with a `rollout` is live and who gets how much, by the service's name; written by `slipway rollout`, `promote` and `rollback`; see below.",
  },
  host: {
    type: "text",
    default: "`localhost` in profile `local`; to be given elsewhere",
    doc: "Shared host of the gateway; every service also has a host of its own beneath it.",
  },
  gatewayPort: {
    type: "port",
    default: "`8443` in profile `local`, else `443`",
    doc: "Port under which clients reach the gateway: the listener's, except where `gatewayServiceType` is `NodePort`; it appears in the output `endpoint`.",
  },
  gatewayServiceType: {
    type: "text",
    default: "`LoadBalancer`",
    values: ["LoadBalancer", "NodePort", "ClusterIP"],
    doc: "How the gateway's proxies are reached from outside.",
  },
  gatewayNodePort: {
    type: "port",
    doc: "Port of the gateway on every node, 30000 to 32767; left out, the API server chooses one.",
  },
  gatewayExternalTrafficPolicy: {
    type: "text",
    default: "`Local`",
    values: ["Local", "Cluster"],
    doc: "`Local`: the proxies see clients' addresses, and only nodes that run one take requests. `Cluster`: every node takes requests, in its own name.",
  },
  gatewayReplicas: { type: "count", default: "`2`", doc: "Proxies of the gateway." },
  envoyImage: { type: "image", doc: "Envoy's image, with a digest; left out, Envoy Gateway's own." },
  gpuPools: {
    type: "list of pools",
    default: "`[]`",
    doc: "Nodes with GPUs that services refer to; see below.",
  },
  requestsPerSecond: {
    type: "count",
    default: "`500`",
    doc: "Requests per second that one client address may send on one route, per proxy; further ones get 429.",
  },
  requestTimeout: { type: "count", default: "`60`", doc: "Seconds until the gateway answers 504." },
  tokenIssuer: {
    type: "text",
    default: "`https://slipway.<profile>`",
    doc: "Issuer (`iss`) of the tokens, a URL; nothing is fetched from it.",
  },
  insecureRegistries: {
    type: "list of texts",
    default: "`[]`",
    doc: "Model registries (`host[:port]`) that are spoken to without TLS.",
  },
  registryCidrs: {
    type: "list of texts",
    default: "any address but link-local ones",
    doc: "Address ranges of model registries that are named by host name; pods may fetch from nowhere else.",
  },
  prometheusImage: { type: "image", doc: "Prometheus' image, with a digest; left out, the operator's own." },
  prometheusVersion: {
    type: "text",
    doc: "Version that `prometheusImage` has, as in `2.42.0`; left out, the operator's own.",
  },
  configReloaderImage: {
    type: "image",
    doc: "Image of Prometheus' configuration reloader, with a digest; left out, the operator's own.",
  },
  prometheusNodePort: {
    type: "port",
    doc: "Port of Prometheus on every node, 30000 to 32767; left out, it is reached inside the cluster only.",
  },
  prometheusReaderCidrs: {
    type: "list of texts",
    default: "`[]`",
    doc: "Address ranges outside the cluster that may query Prometheus.",
  },
  prometheusRetention: { type: "text", default: "`7d`", doc: "How long Prometheus keeps samples." },
  prometheusReplicas: { type: "count", default: "`1`", doc: "Pods of Prometheus; each scrapes everything." },
  gpuExporterNamespace: {
    type: "text",
    doc: "Profiles `onprem` and `local`: namespace of NVIDIA's DCGM exporter, as in `gpu-operator`, which Prometheus then follows; profile `aws` brings its own.",
  },
  monitoringStorageSize: {
    type: "text",
    default: "`none` in profile `local`, else `50Gi`",
    doc: "Volume of each Prometheus, `none` for none; Alertmanager then has one of 1Gi. The claims stay when the stack goes.",
  },
  monitoringStorageClass: {
    type: "text",
    default: "the cluster's default class, which in profile `aws` encrypts",
    doc: "StorageClass of these volumes; elsewhere name one whose volumes are encrypted.",
  },
  externalLabels: {
    type: "map of texts",
    default: "`{}`",
    doc: "Labels of all samples and alerts that leave Prometheus, as in `{ cluster: eu-1 }`.",
  },
  remoteWrite: {
    type: "list of receivers",
    default: "`[]`",
    secret: true,
    doc: "Receivers that get all samples as well; see below. A secret.",
  },
  alerting: {
    type: "text",
    default: "`false` in profile `local`, else `true`",
    values: ["true", "false"],
    doc: "Whether there is an Alertmanager; without `alertReceivers` it shows alerts and tells nobody.",
  },
  alertReceivers: {
    type: "map of receivers",
    default: "`{}`",
    secret: true,
    doc: "Who is told of alerts, by names of your own; see below. A secret.",
  },
  alertReceiver: {
    type: "text",
    default: "the only one there is",
    doc: "Name of the receiver of alerts that no entry of `alertRoutes` takes.",
  },
  alertRoutes: {
    type: "list of routes",
    default: "`[]`",
    doc: "Which alerts go to whom; the first that matches takes an alert; see below.",
  },
  alertmanagerImage: {
    type: "image",
    doc: "Alertmanager's image, with a digest; left out, the operator's own.",
  },
  alertmanagerVersion: {
    type: "text",
    doc: "Version that `alertmanagerImage` has, as in `0.33.0`; left out, the operator's own.",
  },
  alertmanagerReplicas: {
    type: "count",
    default: "`1`",
    doc: "Pods of Alertmanager; several tell of an alert once.",
  },
  alertmanagerNodePort: {
    type: "port",
    doc: "Port of Alertmanager on every node, 30000 to 32767, for `prometheusReaderCidrs`; left out, it is reached inside the cluster only.",
  },
  monitoringLabels: {
    type: "map of texts",
    default: "`{}`",
    doc: "Further labels of monitors and rules, as in `{ release: kube-prometheus-stack }`.",
  },
  existingPrometheus: {
    type: "map",
    doc: "Profile `onprem`: a Prometheus that is there already, run by the operator; none is made then; see below.",
  },
  monitoringAccess: {
    type: "map",
    secret: true,
    doc: "The way through the gateway to Prometheus, Alertmanager and Grafana, for people who sign in; see below. A secret; left out, there is none.",
  },
  alerts: {
    type: "map",
    default: "`{}`",
    doc: "When alerts fire, as far as no service's `objectives` say it; see below.",
  },
  telemetry: {
    type: "map",
    default: "nothing is traced",
    doc: "Where spans go, and of how many requests; see below.",
  },
  telemetryExporters: {
    type: "list of receivers",
    secret: true,
    doc: "What the collector of `telemetry` sends on to; see below. A secret.",
  },
  retraining: {
    type: "map",
    secret: true,
    default: "nothing is trained again",
    doc: "What trains models again when alerts say that they drift or have become worse; needs `alerting`; see below. A secret.",
  },
  loadBalancerScheme: {
    type: "text",
    default: "`internal`",
    values: ["internal", "internet-facing"],
    doc: "Profile `aws`: whether the load balancer has addresses of the VPC alone or public ones.",
  },
  loadBalancerRanges: {
    type: "list of texts",
    default: "`[]`",
    doc: "Profile `aws`: IPv4 ranges that may connect to the load balancer; needed where it is `internet-facing`.",
  },
  certificateArn: {
    type: "text",
    doc: "Profile `aws`: certificate of AWS Certificate Manager for the load balancer; left out, the gateway's own authority signs.",
  },
  modelBucket: {
    type: "text",
    doc: "Profile `aws`: an S3 bucket with the models, each version in the folder NAME/VERSION; left out, models come from their `source`.",
  },
  modelBucketKeyArn: {
    type: "text",
    doc: "Profile `aws`: the KMS key that the objects of `modelBucket` are encrypted with; left out, they are encrypted with S3's own.",
  },
  networkCidr: {
    type: "text",
    default: "`10.0.0.0/16`",
    doc: "Profile `aws`: addresses of the VPC, /16 to /22.",
  },
  zones: { type: "count", default: "`3`", doc: "Profile `aws`: availability zones, 2 or 3." },
  natGateways: {
    type: "text",
    default: "`one-per-zone`",
    values: ["one-per-zone", "single", "none"],
    doc: "Profile `aws`: how nodes reach the internet; `none` leaves them the endpoints of AWS alone.",
  },
  kubernetesVersion: { type: "text", default: "`1.35`", doc: "Profile `aws`: version of the EKS cluster." },
  administrators: {
    type: "list of texts",
    default: "`[]`",
    doc: "Profile `aws`: ARNs of IAM roles that administer the cluster, besides whoever creates it.",
  },
  apiServerCidrs: {
    type: "list of texts",
    default: "`[]`",
    doc: "Profile `aws`: addresses from which the API server can be reached over the internet, this program's own among them; none keeps it inside the network, which `apiServerPrivate` has to confirm.",
  },
  apiServerPrivate: {
    type: "text",
    default: "`false`",
    values: ["true", "false"],
    doc: "Profile `aws`: that the API server has no address outside the VPC, and that this program runs where it reaches the VPC all the same.",
  },
  deletionProtection: {
    type: "text",
    default: "`true`",
    values: ["true", "false"],
    doc: "Profile `aws`: refuses the deletion of cluster and load balancer until it is turned off.",
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;

/** Reads and checks the keys; every method throws ConfigError with one sentence. */
export interface ConfigReader {
  readonly profile: string;
  text(key: SettingKey): string | undefined;
  requiredText(key: SettingKey): string;
  wholeNumber(key: SettingKey): number | undefined;
  texts(key: SettingKey): string[] | undefined;
  services(): ServiceConfig[];
  pools(): PoolConfig[];
  /** By service; one that nobody has switched has none. */
  traffic(): Readonly<Record<string, TrafficState>>;
  /** The value of a key that is written as JSON. */
  json(key: SettingKey): unknown;
}

/**
 * Reads the configuration of the running program.
 * @throws ConfigError for a key that does not exist.
 */
export function configReader(profile: string): ConfigReader {
  const all = pulumi.runtime.allConfig();
  const values = Object.entries(all).filter(([key]) => key.startsWith("slipway:"));
  // Marked internal, but it is by what the SDK itself tells secrets apart.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return readerOf(
    profile,
    Object.fromEntries(values.map(([key, value]) => [key.slice("slipway:".length), value])),
    (key) => isConfigSecret(`slipway:${key}`),
  );
}

/** The same over given values, as the engine hands them over: texts, lists and objects as JSON. */
export function readerOf(
  profile: string,
  values: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean = () => true,
): ConfigReader {
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(SETTINGS, key)) {
      throw new ConfigError(
        `\`slipway:${key}\` is no key of the configuration; there are ${Object.keys(SETTINGS).join(", ")}.`,
      );
    }
  }
  const text = (key: SettingKey): string | undefined => {
    const value = values[key];
    const setting: Setting = SETTINGS[key];
    if (value === undefined) return undefined;
    if (value === "")
      throw new ConfigError(`\`slipway:${key}\` must not be empty; leave the key out to have its default.`);
    // Profile `local` is completed on the machine that it runs on, in a folder that nobody else reads.
    if (setting.secret && profile !== "local" && !isSecret(key)) {
      throw new ConfigError(
        `\`slipway:${key}\` holds secrets: set it with \`pulumi config set --secret slipway:${key} JSON\`, which encrypts it.`,
      );
    }
    if (setting.values && !setting.values.includes(value)) {
      throw new ConfigError(`\`slipway:${key}\` ("${value}") must be one of ${setting.values.join(", ")}.`);
    }
    return value;
  };
  const missing = (key: SettingKey): ConfigError =>
    new ConfigError(
      `\`slipway:${key}\` is missing in Pulumi.${profile}.yaml: ${SETTINGS[key].doc} (Profile \`local\` gets it from \`npm run up\`.)`,
    );
  const services = (): ServiceConfig[] => {
    const value = text("services");
    if (value === undefined) throw missing("services");
    return readServices(parseJson(value), value);
  };
  return {
    profile,
    text,
    requiredText(key) {
      const value = text(key);
      if (value === undefined) throw missing(key);
      return value;
    },
    wholeNumber(key) {
      const value = text(key);
      if (value === undefined) return undefined;
      const most = (SETTINGS[key] as Setting).type === "port" ? 65535 : 1_000_000;
      if (!/^\d{1,7}$/.test(value) || Number(value) < 1 || Number(value) > most) {
        throw new ConfigError(`\`slipway:${key}\` ("${value}") must be a whole number from 1 to ${most}.`);
      }
      return Number(value);
    },
    texts(key) {
      const value = text(key);
      if (value === undefined) return undefined;
      const list = parseJson(value);
      if (!Array.isArray(list) || !list.every((item) => typeof item === "string" && item !== "")) {
        throw new ConfigError(`\`slipway:${key}\` (${value}) must be a list of texts.`);
      }
      return list as string[];
    },
    services,
    traffic() {
      const value = text("traffic");
      return value === undefined ? {} : readTraffic(parseJson(value), value, services());
    },
    json(key) {
      const value = text(key);
      return value === undefined ? undefined : parseJson(value);
    },
    pools() {
      const value = text("gpuPools");
      return value === undefined ? [] : readPools(parseJson(value), value);
    },
  };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
