import type { ServingStackArgs, TelemetryExporter } from "../components";
import { ConfigError } from "./config-error";
import { checkFields, isRecord, type Field } from "./fields";
import type { ConfigReader } from "./settings";

type Telemetry = ServingStackArgs["telemetry"];

/** Fields of `telemetry`. */
export const TELEMETRY_FIELDS = {
  collector: {
    type: "map",
    doc: "A collector of the stack's own, which sends on to `telemetryExporters`: `image` (with a digest) and, where the defaults do not do, `replicas`, `cpuRequest`, `cpuLimit`, `memoryRequest`, `memoryLimit`, `imagePullSecrets` and `sampling`.",
  },
  endpoint: {
    type: "text",
    doc: "In place of a collector: base URL of a receiver of OTLP over HTTP that is there already. The gateway then sends nothing.",
  },
  insecure: {
    type: "flag",
    default: "`false`",
    doc: "Whether an `endpoint` outside of the cluster may begin with `http://`.",
  },
  samplePercent: {
    type: "number",
    default: "`1`",
    doc: "Requests out of a hundred that are traced, of those whose callers have not decided.",
  },
} as const satisfies Readonly<Record<string, Field>>;

const COLLECTOR_FIELDS = {
  image: { type: "text", required: true, doc: "OpenTelemetry's collector, with a digest." },
  replicas: { type: "number", doc: "" },
  cpuRequest: { type: "text", doc: "" },
  cpuLimit: { type: "text", doc: "" },
  memoryRequest: { type: "text", doc: "" },
  memoryLimit: { type: "text", doc: "" },
  imagePullSecrets: { type: "list of texts", doc: "" },
  sampling: { type: "map of values", doc: "" },
} as const satisfies Readonly<Record<string, Field>>;

const SAMPLING_FIELDS = {
  kind: { type: "text", required: true, doc: "`share` or `tail`." },
  percent: { type: "number", required: true, doc: "Share of the traces that nothing else keeps." },
  slowSeconds: { type: "number", doc: "" },
  waitSeconds: { type: "number", doc: "" },
} as const satisfies Readonly<Record<string, Field>>;

/** Fields of an entry of `telemetryExporters`. */
export const EXPORTER_FIELDS = {
  kind: { type: "text", required: true, doc: "`otlp` (gRPC), `otlphttp`, `elasticsearch` or `debug`." },
  endpoint: {
    type: "text",
    doc: "Address, as in `https://tempo.example.com:4317`; not for `debug`.",
  },
  signals: { type: "list of texts", default: "`[traces]`", doc: "`traces`, `logs` or both." },
  headers: {
    type: "map of texts",
    default: "`{}`",
    doc: "For `otlp` and `otlphttp`: headers, such as `authorization`.",
  },
  apiKey: { type: "text", doc: "For `elasticsearch`: the API key, as Elasticsearch encodes it." },
  caCertificate: {
    type: "text",
    default: "public authorities",
    doc: "PEM of the authority that signed the receiver's certificate.",
  },
  insecure: {
    type: "flag",
    default: "`false`",
    doc: "Whether an address outside of the cluster may begin with `http://`.",
  },
  cidrs: {
    type: "list of texts",
    default: "any but link-local addresses",
    doc: "IPv4 ranges of a host outside of the cluster.",
  },
  verbosity: { type: "text", default: "`basic`", doc: "For `debug`: `basic`, `normal` or `detailed`." },
} as const satisfies Readonly<Record<string, Field>>;

/** Values of exporters may be secrets: where one is wrong is said, and not what stands there. */
const silent = () => "";

/**
 * What the configuration says about telemetry; what the values mean is checked by the components.
 * @throws ConfigError for the first thing that is wrong.
 */
export function telemetryArgs(config: ConfigReader): Telemetry {
  const exporters = exportersOf(config);
  if (config.text("telemetry") === undefined) {
    if (exporters !== undefined) throw unused("`slipway:telemetry` has no `collector`");
    return undefined;
  }
  const path = "slipway:telemetry";
  const given = config.json("telemetry");
  checkFields(given, TELEMETRY_FIELDS, path);
  const { collector, endpoint, ...rest } = given as {
    collector?: { sampling?: unknown };
    endpoint?: string;
    insecure?: boolean;
    samplePercent?: number;
  };
  if ((collector === undefined) === (endpoint === undefined))
    throw new ConfigError(`\`${path}\` must have either \`collector\` or \`endpoint\`.`);
  if (collector === undefined) {
    if (exporters !== undefined) throw unused("`slipway:telemetry` has an `endpoint` and no `collector`");
    return { ...rest, endpoint: endpoint! };
  }
  if (rest.insecure !== undefined)
    throw new ConfigError(
      `\`${path}.insecure\` is about \`endpoint\`; exporters of a collector have their own.`,
    );
  checkFields(collector, COLLECTOR_FIELDS, `${path}.collector`);
  if (collector.sampling) checkFields(collector.sampling, SAMPLING_FIELDS, `${path}.collector.sampling`);
  if (exporters === undefined)
    throw new ConfigError(
      `\`${path}.collector\` needs \`slipway:telemetryExporters\`: where it sends on to.`,
    );
  const own = { ...collector, exporters };
  return { ...rest, collector: own } as Telemetry;
}

function exportersOf(config: ConfigReader): readonly TelemetryExporter[] | undefined {
  if (config.text("telemetryExporters") === undefined) return undefined;
  const path = "slipway:telemetryExporters";
  const list = config.json("telemetryExporters");
  if (!Array.isArray(list) || !list.every(isRecord))
    throw new ConfigError(`\`${path}\` must be a list of exporters, each a map with its \`kind\`.`);
  list.forEach((exporter, i) => {
    checkFields(exporter, EXPORTER_FIELDS, `${path}[${i}]`, silent);
    const needed = exporter["kind"] === "debug" ? [] : ["endpoint"];
    if (exporter["kind"] === "elasticsearch") needed.push("apiKey");
    for (const field of needed) {
      if (exporter[field] === undefined)
        throw new ConfigError(`\`${path}[${i}].${field}\` is missing: a text, which this \`kind\` needs.`);
    }
  });
  return list as unknown as TelemetryExporter[];
}

function unused(why: string): ConfigError {
  return new ConfigError(`\`slipway:telemetryExporters\` would not be used: ${why}.`);
}
