import { byteCount } from "../internal/quantity";
import { imageProblem, isIpv4Cidr } from "../internal/references";
import { checkResources } from "../internal/resource-checks";
import { endpointProblem } from "../internal/telemetry-endpoint";
import { checkServiceName } from "../internal/service-name";
import { Problems, plainValue } from "../internal/validation";
import {
  TELEMETRY_DEFAULTS,
  type GivenCollector,
  type ResolvedCollector,
  type TelemetryExporter,
  type TelemetrySampling,
} from "./telemetry-settings";

const KINDS = ["otlp", "otlphttp", "elasticsearch", "debug"] as const;
const SIGNALS = ["traces", "logs"] as const;
const VERBOSITIES = ["basic", "normal", "detailed"] as const;
const SAMPLINGS = ["share", "tail"] as const;

/** A header's name, RFC 9110. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Less leaves the collector no room beside what it is started with. */
const LEAST_MEMORY = 64 * 2 ** 20;

/** Seconds that spans are held until their trace is judged. */
const LONGEST_WAIT = 300;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveCollector(name: string, args: GivenCollector): ResolvedCollector {
  const settings: ResolvedCollector = {
    image: args.image,
    exporters: args.exporters,
    sampling: args.sampling,
    replicas: args.replicas ?? TELEMETRY_DEFAULTS.replicas,
    cpuRequest: args.cpuRequest ?? TELEMETRY_DEFAULTS.cpuRequest,
    cpuLimit: args.cpuLimit ?? TELEMETRY_DEFAULTS.cpuLimit,
    memoryRequest: args.memoryRequest ?? TELEMETRY_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? TELEMETRY_DEFAULTS.memoryLimit,
    imagePullSecrets: args.imagePullSecrets ?? TELEMETRY_DEFAULTS.imagePullSecrets,
  };
  checkCollector(name, settings);
  return settings;
}

function checkCollector(name: string, settings: ResolvedCollector): void {
  const problems = new Problems("TelemetryCollector", name);
  checkServiceName(name, 50, problems);
  const wrongImage = imageProblem(settings.image);
  if (wrongImage) problems.add("image", wrongImage);
  const { replicas, sampling, exporters, memoryLimit } = settings;
  problems.check(
    Number.isInteger(replicas) && replicas >= 1 && replicas <= 100,
    "replicas",
    `${replicas} must be a whole number from 1 to 100`,
  );
  checkResources(settings, problems);
  problems.check(
    (byteCount(memoryLimit) ?? LEAST_MEMORY) >= LEAST_MEMORY,
    "memoryLimit",
    `"${memoryLimit}" must be at least "64Mi"`,
  );
  if (sampling) checkSampling(sampling, replicas, problems);
  problems.check(exporters.length > 0, "exporters", "must name at least one place to send to");
  exporters.forEach((exporter, i) => checkExporter(exporter, `exporters[${i}]`, problems));
  problems.throwIfAny();
}

/** Records what is wrong with a share in percent, of what can be given with four decimals. */
export function checkPercent(percent: number, path: string, problems: Problems): void {
  problems.check(percent >= 0 && percent <= 100, path, `${percent} must be a number from 0 to 100`);
}

function checkSampling(sampling: TelemetrySampling, replicas: number, problems: Problems): void {
  const { kind, percent } = sampling;
  problems.check(
    SAMPLINGS.includes(kind),
    "sampling.kind",
    `"${kind}" must be one of ${SAMPLINGS.join(", ")}`,
  );
  checkPercent(percent, "sampling.percent", problems);
  if (kind !== "tail") return;
  const { slowSeconds, waitSeconds = 10 } = sampling;
  problems.check(slowSeconds > 0, "sampling.slowSeconds", `${slowSeconds} must be a number above 0`);
  problems.check(
    Number.isInteger(waitSeconds) && waitSeconds >= 1 && waitSeconds <= LONGEST_WAIT,
    "sampling.waitSeconds",
    `${waitSeconds} must be a whole number from 1 to ${LONGEST_WAIT}`,
  );
  problems.check(
    replicas === 1,
    "replicas",
    `${replicas} must be 1 with \`sampling.kind\` "tail": one pod has to see every span of a trace`,
  );
}

function checkExporter(exporter: TelemetryExporter, path: string, problems: Problems): void {
  const { kind } = exporter;
  if (!KINDS.includes(kind)) {
    problems.add(`${path}.kind`, `"${String(kind)}" must be one of ${KINDS.join(", ")}`);
    return;
  }
  if (kind === "debug") {
    const { verbosity = "basic" } = exporter;
    problems.check(
      VERBOSITIES.includes(verbosity),
      `${path}.verbosity`,
      `"${verbosity}" must be one of ${VERBOSITIES.join(", ")}`,
    );
    return;
  }
  const wrong = endpointProblem(exporter.endpoint, exporter.insecure);
  if (wrong) problems.add(`${path}.endpoint`, wrong);
  else if (kind === "otlp" && new URL(exporter.endpoint).pathname !== "/") {
    problems.add(
      `${path}.endpoint`,
      `"${exporter.endpoint}" must be without a path: OTLP over gRPC has none; \`kind\` "otlphttp" takes one`,
    );
  }
  const { signals = ["traces"], cidrs = [] } = exporter;
  problems.check(signals.length > 0, `${path}.signals`, "must name at least one");
  signals.forEach((signal, i) =>
    problems.check(
      SIGNALS.includes(signal),
      `${path}.signals[${i}]`,
      `"${signal}" must be one of ${SIGNALS.join(", ")}`,
    ),
  );
  cidrs.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `${path}.cidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
  if (kind === "elasticsearch") {
    problems.check(plainValue(exporter.apiKey) !== "", `${path}.apiKey`, "must not be empty");
    return;
  }
  for (const header of Object.keys(exporter.headers ?? {})) {
    problems.check(HEADER_NAME.test(header), `${path}.headers`, `"${header}" must be the name of a header`);
  }
}
