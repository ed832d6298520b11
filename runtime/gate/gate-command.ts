import { setMaxListeners } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import type { GateOutcome } from "../../rollout/outcome";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import type { Output } from "../quality/answers";
import { readDataset, type Dataset } from "./dataset";
import {
  DRIFT_METRICS,
  evaluateDrift,
  evaluateQuality,
  QUALITY_METRICS,
  type DriftMetric,
  type GateMetric,
} from "./evaluate";
import { ModelClient } from "./model-client";
import { qualityOutcome, qualityTable } from "./quality-verdict";
import { Unmeasurable } from "../quality/unmeasurable";

export interface GateOptions {
  readonly gate: string;
  readonly model: string;
  readonly dataset: string;
  readonly output?: string;
  readonly metric: GateMetric;
  readonly threshold?: number;
  readonly notWorseThanLiveBy?: number;
  readonly candidateUrl: string;
  readonly liveUrl?: string;
  readonly caFile?: string;
  readonly concurrency: number;
  readonly timeout: number;
  readonly terminationLog: string;
}

/** Every option of `slipway gate`, once. */
export const GATE_OPTIONS = {
  gate: { type: "text", default: "gate", doc: "name of the gate in its outcome" },
  model: { type: "text", doc: "model that is asked, on both slots" },
  dataset: {
    type: "path",
    doc: 'JSON: a list of `{ "inputs": [V2 tensors], "label": … }`, or `{ "classes": [names], "rows": that list }`',
  },
  output: { type: "text", optional: true, doc: "output that is judged; a model with one needs none named" },
  metric: {
    type: "choice",
    values: [...QUALITY_METRICS, ...DRIFT_METRICS],
    doc: "what is computed: quality by the labels, or how far the candidate's outputs drift from the live slot's",
  },
  threshold: {
    type: "number",
    optional: true,
    doc: "least value that passes; for rmse, psi and ks the greatest",
  },
  notWorseThanLiveBy: {
    type: "number",
    optional: true,
    doc: "how much worse than the live slot on the same rows the candidate may be, in the metric's unit",
  },
  candidateUrl: { type: "text", doc: "address of the candidate's Service" },
  liveUrl: {
    type: "text",
    optional: true,
    doc: "address of the live slot's Service; needed for what compares with it",
  },
  caFile: {
    type: "path",
    optional: true,
    doc: "PEM file of the authority that signed both servers' certificates",
  },
  concurrency: { type: "integer", default: 8, least: 1, most: 64, doc: "requests under way to each slot" },
  timeout: {
    type: "seconds",
    default: 240,
    least: 1,
    doc: "time until what is not answered counts as missing",
  },
  terminationLog: {
    type: "path",
    default: "/dev/termination-log",
    doc: "file that gets the outcome as JSON, where it can be written: the pod's termination message",
  },
} as const satisfies Record<keyof GateOptions, OptionSpec>;

const HELP = `Usage: slipway gate --model NAME --dataset FILE --metric METRIC --candidate-url URL [options]

Asks the candidate, and the live slot where they are compared, every row of a dataset and judges the answers. Runs in the Jobs of
quality and drift gates. Ends with 0 where the gate passes, 1 where it fails, 2 where it could not be judged.

Options (each also as environment variable):
${describeOptions(GATE_OPTIONS)}

Example:
  slipway gate --model ocr --dataset dataset.json --metric accuracy --threshold 0.9 --not-worse-than-live-by 0.01 \\
    --candidate-url https://text-green.models.svc:8000 --live-url https://text-blue.models.svc:8000 --ca-file ca.crt
`;

const EXIT_STATUS = { passed: 0, failed: 1, inconclusive: 2 } as const;
/** Bytes that Kubernetes keeps of a termination message. */
const MOST_MESSAGE_BYTES = 4096;
const LONGEST_REASON = 3000;

const isDrift = (metric: GateMetric): metric is DriftMetric =>
  (DRIFT_METRICS as readonly string[]).includes(metric);

/** `slipway gate`. @returns the exit status. @throws UsageError */
export async function gate(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = parse(argv);
  const { outcome, live } = await judgeSlots(options);
  process.stdout.write(qualityTable(options, outcome, live));
  process.stdout.write(`${outcome.reason}\n`);
  report(options.terminationLog, outcome);
  return EXIT_STATUS[outcome.verdict];
}

function parse(argv: readonly string[]): GateOptions {
  const { values } = parseArguments(GATE_OPTIONS, "gate", argv, process.env);
  const options = completeOptions(GATE_OPTIONS, values) as unknown as GateOptions;
  const { metric, threshold, notWorseThanLiveBy, liveUrl } = options;
  for (const [flag, url] of [
    ["--candidate-url", options.candidateUrl],
    ["--live-url", liveUrl],
  ] as const) {
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
      throw new UsageError(
        `\`${flag}\` (${url}) must be an address, as in https://text-green.models.svc:8000.`,
      );
  }
  if (isDrift(metric) && threshold === undefined)
    throw new UsageError(`\`--threshold\` must be given for \`--metric\` ${metric}.`);
  if (isDrift(metric) && notWorseThanLiveBy !== undefined)
    throw new UsageError(
      `\`--not-worse-than-live-by\` is not for \`--metric\` ${metric}, which compares anyway.`,
    );
  if (threshold === undefined && notWorseThanLiveBy === undefined)
    throw new UsageError("`--threshold` or `--not-worse-than-live-by` must be given.");
  if (liveUrl === undefined && (isDrift(metric) || notWorseThanLiveBy !== undefined))
    throw new UsageError("`--live-url` must be given: the candidate is compared with the live slot.");
  return options;
}

interface Judged {
  readonly outcome: GateOutcome;
  /** The live slot's metric, where it was computed. */
  readonly live?: number;
}

/** Asks the slots and judges their answers; what cannot be judged is inconclusive. */
export async function judgeSlots(options: Omit<GateOptions, "terminationLog">): Promise<Judged> {
  const { metric } = options;
  try {
    const dataset = readDataset(options.dataset, !isDrift(metric));
    const { candidate, live } = await askBoth(options, dataset);
    if (isDrift(metric)) {
      const { value, samples } = evaluateDrift(metric, dataset, candidate, live!);
      return { outcome: qualityOutcome(options, value, undefined, samples) };
    }
    const { value, samples } = evaluateQuality(metric, dataset, candidate, "candidate");
    const reference = live && evaluateQuality(metric, dataset, live, "live slot").value;
    return { outcome: qualityOutcome(options, value, reference, samples), live: reference };
  } catch (error) {
    if (!(error instanceof Unmeasurable)) throw error;
    const reason = `${metric} cannot be told: ${error.message.slice(0, LONGEST_REASON)}`;
    return { outcome: { gate: options.gate, verdict: "inconclusive", value: null, reason } };
  }
}

/** Both slots at once, with the same rows; the live one only where it is needed. */
async function askBoth(
  options: Omit<GateOptions, "terminationLog">,
  { rows }: Dataset,
): Promise<{ candidate: Output[]; live: Output[] | undefined }> {
  const { metric, notWorseThanLiveBy, liveUrl, timeout } = options;
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(timeout * 1000)]);
  // Every row that is under way listens.
  setMaxListeners(0, signal);
  const client = (side: string, url: string) =>
    new ModelClient({ ...options, output: options.output, side, url, signal });
  const candidate = client("candidate", options.candidateUrl);
  const compares = isDrift(metric) || notWorseThanLiveBy !== undefined;
  const live = compares ? client("live slot", liveUrl!) : undefined;
  try {
    const [ofCandidate, ofLive] = await Promise.all([candidate.askAll(rows), live?.askAll(rows)]);
    return { candidate: ofCandidate, live: ofLive };
  } finally {
    // Where one side failed, the other need not finish.
    ended.abort();
    await Promise.all([candidate.close(), live?.close()]);
  }
}

function report(file: string, outcome: GateOutcome): void {
  const message = JSON.stringify(outcome);
  const fits = Buffer.byteLength(message) <= MOST_MESSAGE_BYTES;
  try {
    // The file is the kubelet's: outside a pod there is none, and none is made.
    if (!existsSync(file)) return;
    writeFileSync(
      file,
      fits ? message : JSON.stringify({ ...outcome, reason: outcome.reason.slice(0, 500) }),
    );
  } catch {
    // The outcome was printed, and the exit status says the same.
  }
}
