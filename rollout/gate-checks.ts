import {
  isMeasuring,
  type BlueGreenStrategy,
  type Gate,
  type JobGate,
  type MeasuringGate,
  type DriftGate,
  type FeedbackGate,
  type QualityGate,
  type Strategy,
} from "./declaration";
import { LAST_BOUND } from "./duration-bounds";
import { promqlProblem } from "./gates/promql";
import { watchOf } from "./plan-walk";
import type { DeclarationProblem } from "./strategy-checks";

type Report = (path: string, reason: string) => void;

const KINDS: readonly string[] = [
  "prometheus",
  "errorRate",
  "latency",
  "comparison",
  "feedback",
  "quality",
  "drift",
  "job",
  "approval",
] satisfies Gate["kind"][];
const FEEDBACK_METRICS: readonly string[] = [
  "accuracy",
  "precision",
  "recall",
  "f1",
  "rmse",
  "mae",
] satisfies FeedbackGate["metric"][];
const METRICS: readonly string[] = ["accuracy", "f1", "rocAuc", "rmse"] satisfies QualityGate["metric"][];

/** A gate's name becomes part of a Job's. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/i;
/** As the label `segment` of the server's metrics has it. */
const SEGMENT = /^[A-Za-z][A-Za-z0-9_.-]{0,62}=.{1,64}$/;
/** Seconds of a day: what takes longer is a mistake. */
const DAY = 86_400;
/** Bad answers that a step may have at most. */
const MOST_MEASUREMENTS = 10_000;

/** Everything that is wrong with the gates of a rollout. */
export function gateProblems(
  gates: readonly Gate[],
  { strategy, models }: { readonly strategy: Strategy; readonly models: readonly string[] },
): DeclarationProblem[] {
  const problems: DeclarationProblem[] = [];
  const seen = new Map<string, number>();
  gates.forEach((gate, i) => {
    const report: Report = (path, reason) =>
      problems.push({ propertyPath: path === "" ? `gates[${i}]` : `gates[${i}].${path}`, reason });
    if (!KINDS.includes(gate.kind)) {
      report("kind", `"${String(gate.kind)}" must be one of ${KINDS.join(", ")}`);
      return;
    }
    if (!NAME.test(gate.name))
      report(
        "name",
        `"${gate.name}" must be 1 to 30 letters, digits and "-", beginning and ending with neither "-"`,
      );
    // Objects are named after gates, and names of objects have no capitals.
    const key = String(gate.name).toLowerCase();
    const earlier = seen.get(key);
    if (earlier !== undefined) report("name", `"${gate.name}" is also gates[${earlier}]`);
    seen.set(key, i);
    if (isMeasuring(gate)) measuringProblems(gate, strategy, models, report);
    else if (gate.kind === "quality") qualityProblems(gate, models, report);
    else if (gate.kind === "drift") driftProblems(gate, models, report);
    else if (gate.kind === "job") jobProblems(gate, report);
    else if (strategy.kind === "shadow")
      report("kind", "`approval` has nothing to hold back with `shadow`: the candidate answers no client");
  });
  return problems;
}

function number(
  value: unknown,
  path: string,
  holds: (value: number) => boolean,
  what: string,
  report: Report,
) {
  if (value === undefined || (typeof value === "number" && Number.isFinite(value) && holds(value))) return;
  report(path, `${String(value)} must be ${what}`);
}

function blueGreenProblems(gate: MeasuringGate, strategy: BlueGreenStrategy, report: Report): void {
  const watched = watchOf(strategy);
  if (watched <= 0) {
    report(
      "kind",
      `\`${gate.kind}\` would never be asked: \`scaleDownDelay\` 0 lets the old slot go at once`,
    );
  } else if ((gate.initialDelay ?? 0) >= watched) {
    const why = "the seconds for which a switch at once is watched";
    report(
      "initialDelay",
      `${gate.initialDelay} must be less than ${watched}, ${why}: it would never be asked`,
    );
  }
}

function measuringProblems(
  gate: MeasuringGate,
  strategy: Strategy,
  models: readonly string[],
  report: Report,
): void {
  const whole = (field: "initialDelay" | "every", least: number) =>
    number(
      gate[field],
      field,
      (value) => Number.isInteger(value) && value >= least && value <= DAY,
      `whole seconds from ${least} to ${DAY}`,
      report,
    );
  whole("initialDelay", 0);
  whole("every", 1);
  for (const field of ["failureLimit", "inconclusiveLimit", "minimumSamples"] as const) {
    const most = field === "minimumSamples" ? 1_000_000_000 : MOST_MEASUREMENTS;
    const fits = (value: number) => Number.isInteger(value) && value >= 0 && value <= most;
    number(gate[field], field, fits, `a whole number from 0 to ${most}`, report);
  }
  if (strategy.kind === "canary" && (gate.initialDelay ?? 0) >= (strategy.interval ?? 60))
    report(
      "initialDelay",
      `${gate.initialDelay} must be less than the strategy's \`interval\` (${strategy.interval ?? 60}): it would never be asked`,
    );
  if (strategy.kind === "blueGreen") blueGreenProblems(gate, strategy, report);
  switch (gate.kind) {
    case "prometheus":
      prometheusProblems(gate, report);
      break;
    case "comparison":
      if (strategy.kind !== "shadow")
        report(
          "kind",
          `\`comparison\` needs strategy \`shadow\`, and this is \`${strategy.kind}\`: nothing else compares answers`,
        );
      number(gate.maxPercent, "maxPercent", isPercent, PERCENT, report);
      break;
    case "feedback":
      feedbackProblems(gate, models, report);
      break;
    case "errorRate":
      number(gate.maxPercent, "maxPercent", isPercent, PERCENT, report);
      number(
        gate.notWorseThanLiveBy,
        "notWorseThanLiveBy",
        isPercent,
        `percentage points ${PERCENT}`,
        report,
      );
      break;
    case "latency":
      latencyProblems(gate, report);
      break;
  }
}

const PERCENT = "from 0 to less than 100";
const isPercent = (value: number): boolean => value >= 0 && value < 100;

function latencyProblems(gate: Extract<Gate, { kind: "latency" }>, report: Report): void {
  const { quantile, maxSeconds, notSlowerThanLiveBy } = gate;
  number(quantile, "quantile", (value) => value > 0 && value < 1, "between 0 and 1, as in 0.99", report);
  number(
    maxSeconds,
    "maxSeconds",
    (value) => value > 0 && value < LAST_BOUND,
    `seconds above 0 and below ${LAST_BOUND}, where the server's histogram ends`,
    report,
  );
  const isMargin = (value: number) => value >= 0;
  number(notSlowerThanLiveBy, "notSlowerThanLiveBy", isMargin, "percent of at least 0", report);
  if (maxSeconds === undefined && notSlowerThanLiveBy === undefined)
    report("", "needs `maxSeconds`, `notSlowerThanLiveBy` or both");
}

function prometheusProblems(gate: Extract<Gate, { kind: "prometheus" }>, report: Report): void {
  const wrong = typeof gate.query === "string" ? promqlProblem(gate.query) : "must be a text";
  if (wrong !== undefined) report("query", wrong);
  number(gate.min, "min", () => true, "a number", report);
  number(gate.max, "max", () => true, "a number", report);
  if (gate.min === undefined && gate.max === undefined) report("", "needs `min`, `max` or both");
  else if (gate.min !== undefined && gate.max !== undefined && gate.min > gate.max)
    report("min", `${gate.min} must be at most \`max\` (${gate.max})`);
}

function modelProblems(model: unknown, models: readonly string[], report: Report): void {
  if (!models.includes(model as string))
    report("model", `"${String(model)}" is no model of this service, which has ${models.join(", ")}`);
}

function feedbackProblems(gate: FeedbackGate, models: readonly string[], report: Report): void {
  modelProblems(gate.model, models, report);
  const { metric, segment } = gate;
  if (!FEEDBACK_METRICS.includes(metric))
    report("metric", `"${String(metric)}" must be one of ${FEEDBACK_METRICS.join(", ")}`);
  boundProblems(gate, metric !== "rmse" && metric !== "mae", report);
  if (segment !== undefined && segment !== "all" && !SEGMENT.test(segment))
    report(
      "segment",
      `"${String(segment)}" must be all, or KEY=VALUE of a segment of the model, as in country=DE`,
    );
  number(
    gate.window,
    "window",
    (value) => Number.isInteger(value) && value >= 60 && value <= DAY,
    `whole seconds from 60 to ${DAY}`,
    report,
  );
}

function questionProblems(
  { model, dataset }: QualityGate | DriftGate,
  models: readonly string[],
  report: Report,
): void {
  modelProblems(model, models, report);
  if (typeof dataset !== "string" || !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(dataset))
    report("dataset", `"${String(dataset)}" must be the name of a ConfigMap`);
}

function driftProblems(gate: DriftGate, models: readonly string[], report: Report): void {
  questionProblems(gate, models, report);
  const { method, threshold } = gate;
  if (method !== undefined && method !== "psi" && method !== "ks")
    report("method", `"${String(method)}" must be one of psi, ks`);
  const isShare = method === "ks";
  number(
    threshold,
    "threshold",
    (value) => value > 0 && (!isShare || value < 1),
    isShare ? "between 0 and 1" : "above 0",
    report,
  );
}

function qualityProblems(gate: QualityGate, models: readonly string[], report: Report): void {
  questionProblems(gate, models, report);
  if (!METRICS.includes(gate.metric))
    report("metric", `"${String(gate.metric)}" must be one of ${METRICS.join(", ")}`);
  boundProblems(gate, gate.metric !== "rmse", report);
}

/** @param bounded whether the metric lies between 0 and 1 */
function boundProblems(gate: QualityGate | FeedbackGate, bounded: boolean, report: Report): void {
  number(
    gate.threshold,
    "threshold",
    (value) => value >= 0 && (!bounded || value <= 1),
    bounded ? "from 0 to 1" : "at least 0",
    report,
  );
  number(gate.notWorseThanLiveBy, "notWorseThanLiveBy", (value) => value >= 0, "at least 0", report);
  if (gate.threshold === undefined && gate.notWorseThanLiveBy === undefined)
    report("", "needs `threshold`, `notWorseThanLiveBy` or both");
}

function jobProblems(gate: JobGate, report: Report): void {
  if (typeof gate.image !== "string" || !/^\S+@sha256:[0-9a-f]{64}$/.test(gate.image))
    report(
      "image",
      `"${String(gate.image)}" must be an image with a digest, as in "registry.example.com/check@sha256:…"`,
    );
  number(
    gate.timeout,
    "timeout",
    (value) => Number.isInteger(value) && value >= 1 && value <= DAY,
    `whole seconds from 1 to ${DAY}`,
    report,
  );
  for (const name of Object.keys(gate.env ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      report(`env.${name}`, `"${name}" must be the name of a variable`);
    else if (/^SLIPWAY_(CANDIDATE_URL|LIVE_URL|CA_FILE)$/.test(name))
      report(`env.${name}`, `"${name}" is set by the platform itself`);
  }
}
