import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { problemsOf, type ComparisonRules } from "../../rollout/comparison/rules";
import type { ComparisonReport } from "../../rollout/comparison/summary";
import { SLOTS, type Slot } from "../../rollout/declaration";
import { createAuthenticator } from "../auth/create-authenticator";
import { HTTP_PORT } from "../contract";
import { closed, listening } from "../listener";
import { createLogger } from "../log";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import { KeyPairWatcher } from "../tls";
import { unreadable } from "../unreadable";
import { Comparator } from "./comparator";
import { comparatorRegistry } from "./comparator-metrics";
import { createComparatorServer, createScrapedServer } from "./comparator-server";
import { readRules } from "./read-rules";
import { SummaryFile } from "./summary-file";

export interface CompareOptions {
  readonly live: Slot;
  readonly rules?: string;
  readonly host: string;
  readonly httpPort: number;
  readonly metricsPort?: number;
  readonly wait: number;
  readonly maxWaitingBytes: number;
  readonly maxBodyBytes: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly apiKeysFile?: string;
  readonly summaryFile?: string;
  readonly logLevel: string;
}

/** Every option of `slipway compare`, once. */
export const COMPARE_OPTIONS = {
  live: { type: "choice", values: SLOTS, doc: "slot that the other one is compared with" },
  rules: {
    type: "path",
    optional: true,
    doc: 'JSON: `{ "outputs": { NAME: rule }, "others": rule }`, a rule being `{ "absolute", "relative", "nanEqual", "topK" }`; left out, values must be the same',
  },
  host: { type: "text", default: "0.0.0.0", doc: "address that the listener binds" },
  httpPort: {
    type: "integer",
    default: HTTP_PORT,
    most: 65535,
    doc: "port of answers, report and metrics; 0 takes a free one",
  },
  metricsPort: {
    type: "integer",
    optional: true,
    most: 65535,
    doc: "port of the metrics alone, always plain HTTP, beside those at `--http-port`; 0 takes a free one",
  },
  wait: {
    type: "seconds",
    default: 30,
    least: 0.1,
    doc: "time for which an answer waits for the other slot's",
  },
  maxWaitingBytes: {
    type: "integer",
    default: 67_108_864,
    least: 1024,
    doc: "bytes that waiting answers may hold; the oldest make room",
  },
  maxBodyBytes: { type: "integer", default: 16_777_216, least: 1024, doc: "bytes of one request" },
  tlsCert: { type: "path", optional: true, doc: "PEM certificate chain; read again when the file changes" },
  tlsKey: { type: "path", optional: true, doc: "its PEM key" },
  apiKeysFile: {
    type: "path",
    optional: true,
    doc: "API keys, hashed, a line each as `slipway api-key` prints it: answers need the scope infer, the report metrics",
  },
  summaryFile: {
    type: "path",
    optional: true,
    doc: "file in which what was compared outlives the process, written every 10 s and at the end; left out, it does not",
  },
  logLevel: {
    type: "choice",
    default: "info",
    values: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    doc: "least level that is logged",
  },
} as const satisfies Record<keyof CompareOptions, OptionSpec>;

const HELP = `Usage: slipway compare --live blue|green [options]

Takes sampled answers of both slots, brings those to the same request together, compares them and sums up.

Options (each also as environment variable):
${describeOptions(COMPARE_OPTIONS)}

Example:
  slipway compare --live blue --rules rules.json
  curl --data-binary '{"requestId":"r1","model":"m","outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":[0.5]}]}' \\
    http://localhost:8000/v1/outputs/blue   # and what green answered to the same request, at /v1/outputs/green
  curl http://localhost:8000/v1/report   # what was compared so far; /metrics has it as numbers
`;

/** Milliseconds between two writings of the summary. */
const WRITE_INTERVAL_MS = 10_000;
/** Milliseconds between looks for answers that have waited too long. */
const EXPIRE_INTERVAL_MS = 1000;

/**
 * `slipway compare`: stays until SIGTERM or SIGINT.
 * @returns the exit status
 * @throws UsageError
 */
export async function compare(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = parse(argv);
  const log = createLogger(options.logLevel);
  const running = await startComparator(options, log);
  const stopped = new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  await stopped;
  await running.close();
  // Without a file the summary ends with the process: the log keeps what it came to.
  log.info({ models: running.reports() }, "what was compared");
  return 0;
}

function parse(argv: readonly string[]): CompareOptions {
  const { values } = parseArguments(COMPARE_OPTIONS, "compare", argv, process.env);
  const options = completeOptions(COMPARE_OPTIONS, values) as unknown as CompareOptions;
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
    throw new UsageError("`--tls-cert` and `--tls-key` must be given together.");
  }
  return options;
}

function rulesOf(file: string | undefined): ComparisonRules {
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable("--rules", file, error);
  }
  const rules = readRules(text);
  const problems = typeof rules === "string" ? [rules] : problemsOf(rules);
  if (problems.length > 0) throw new UsageError(`\`--rules\` (${file}): ${problems.join("; ")}.`);
  return rules as ComparisonRules;
}

export interface RunningComparator {
  readonly port: number;
  /** Undefined where `metricsPort` is. */
  readonly metricsPort: number | undefined;
  /** What was compared so far, per model. */
  reports(): Readonly<Record<string, ComparisonReport>>;
  close(): Promise<void>;
}

/** Listens. @throws UsageError where a file or the port cannot be used */
export async function startComparator(options: CompareOptions, log: Logger): Promise<RunningComparator> {
  const { live, tlsCert, tlsKey } = options;
  const rules = rulesOf(options.rules);
  const file = options.summaryFile === undefined ? undefined : new SummaryFile(options.summaryFile, log);
  const before = file?.read(live, rules);
  const comparator = new Comparator({
    live,
    rules,
    before,
    maxBytes: options.maxWaitingBytes,
    timeoutMs: options.wait * 1000,
  });
  const tls = tlsCert && tlsKey ? KeyPairWatcher.open({ cert: tlsCert, key: tlsKey }, log) : undefined;
  const authenticator = createAuthenticator(
    {
      apiKeysFile: options.apiKeysFile,
      jwtAlgorithms: ["ES256"],
      jwtClockSkew: 0,
      metricsAuth: false,
      tlsClientScopes: [],
    },
    log,
  );
  const registry = comparatorRegistry(comparator);
  const server = createComparatorServer({
    comparator,
    registry,
    maxBodyBytes: options.maxBodyBytes,
    authenticator,
    tls,
  });
  const scraped =
    options.metricsPort === undefined ? undefined : createScrapedServer({ comparator, registry });
  const timer = setInterval(() => comparator.expire(), EXPIRE_INTERVAL_MS);
  const keep = () => file?.write(comparator.comparison());
  const writing = file && setInterval(keep, WRITE_INTERVAL_MS);
  const close = async () => {
    clearInterval(timer);
    clearInterval(writing);
    tls?.close();
    authenticator?.close();
    await Promise.all([server, scraped].map((one) => one && closed(one)));
    keep();
  };
  try {
    await listening(server, options.host, options.httpPort, "--http-port");
    if (scraped) await listening(scraped, options.host, options.metricsPort!, "--metrics-port");
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const metricsPort = (scraped?.address() as AddressInfo | undefined)?.port;
  // Where it cannot be written, that is said now.
  keep();
  const goesOn = before !== undefined;
  log.info({ port, metricsPort, live, tls: tls !== undefined, goesOn }, "takes answers of both slots");
  return { port, metricsPort, reports: () => comparator.reports(), close };
}
