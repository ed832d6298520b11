import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./config-error";
import type { TrafficState } from "../rollout/traffic-state";
import { readPools, type PoolConfig } from "./pool-config";
import { readTraffic } from "./rollout-config";
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
    | "map of services";
  /** Shown in the reference; undefined where the key must be given or may be left out. */
  readonly default?: string;
  readonly required?: boolean;
  /** Values, where only some are allowed. */
  readonly values?: readonly string[];
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
    doc: "Profile `aws`: addresses from which the API server can be reached over the internet; none keeps it inside the network.",
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
}

/**
 * Reads the configuration of the running program.
 * @throws ConfigError for a key that does not exist.
 */
export function configReader(profile: string): ConfigReader {
  const all = pulumi.runtime.allConfig();
  const values = Object.entries(all).filter(([key]) => key.startsWith("slipway:"));
  return readerOf(
    profile,
    Object.fromEntries(values.map(([key, value]) => [key.slice("slipway:".length), value])),
  );
}

/** The same over given values, as the engine hands them over: texts, lists and objects as JSON. */
export function readerOf(profile: string, values: Readonly<Record<string, string>>): ConfigReader {
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
