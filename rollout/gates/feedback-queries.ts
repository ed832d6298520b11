import type { FeedbackGate } from "../declaration";
import { FEEDBACK_SAMPLES, GATE_DEFAULTS } from "../defaults";
import { growth, onItsPods, type Scope } from "./growth";
import type { QueryNames } from "./query-template";

/** The server's metrics of feedback that gates read, as `runtime/contract.ts` names them; a test holds the two equal. */
export const FEEDBACK_METRIC = {
  graded: "slipway_quality_graded_total",
  correct: "slipway_quality_correct_total",
  outcomes: "slipway_quality_outcomes_total",
  absoluteError: "slipway_quality_absolute_error_total",
  squaredError: "slipway_quality_squared_error_total",
} as const;

export const feedbackSamples = (gate: FeedbackGate): number => gate.minimumSamples ?? FEEDBACK_SAMPLES;
export const feedbackWindow = (gate: FeedbackGate): number => gate.window ?? GATE_DEFAULTS.window;

/** The metric of both slots, and how many samples it rests on; that of a live slot with too few of them is no number. */
export function feedbackQueries(
  gate: FeedbackGate,
  { namespace, service, liveService, watchedSeconds }: QueryNames,
): { value: string; live?: string; samples: string } {
  const windowSeconds = feedbackWindow(gate);
  const candidate: Scope = { namespace, service, windowSeconds, watchedSeconds };
  const live: Scope = { ...candidate, service: liveService };
  const compared = gate.notWorseThanLiveBy !== undefined;
  const enough = `${summed(gate, live, FEEDBACK_METRIC.graded)} >= ${feedbackSamples(gate)}`;
  return {
    value: metricOf(gate, candidate),
    ...(compared ? { live: `${metricOf(gate, live)} and on() ${enough}` } : {}),
    samples: summed(gate, candidate, FEEDBACK_METRIC.graded),
  };
}

function metricOf(gate: FeedbackGate, scope: Scope): string {
  const sum = (counter: string) => summed(gate, scope, counter);
  const outcome = (name: string) => summed(gate, scope, FEEDBACK_METRIC.outcomes, `,outcome="${name}"`);
  const hits = outcome("true_positive");
  switch (gate.metric) {
    case "accuracy":
      return `${sum(FEEDBACK_METRIC.correct)} / ${sum(FEEDBACK_METRIC.graded)}`;
    case "precision":
      return `${hits} / (${hits} + ${outcome("false_positive")})`;
    case "recall":
      return `${hits} / (${hits} + ${outcome("false_negative")})`;
    case "f1":
      return `2 * ${hits} / (2 * ${hits} + ${outcome("false_positive")} + ${outcome("false_negative")})`;
    case "mae":
      return `${sum(FEEDBACK_METRIC.absoluteError)} / ${sum(FEEDBACK_METRIC.graded)}`;
    case "rmse":
      return `sqrt(${sum(FEEDBACK_METRIC.squaredError)} / ${sum(FEEDBACK_METRIC.graded)})`;
  }
}

function summed(gate: FeedbackGate, scope: Scope, counter: string, matchers = ""): string {
  const segment = JSON.stringify(gate.segment ?? GATE_DEFAULTS.segment);
  const grown = growth(scope, counter, `,model="${gate.model}",segment=${segment}${matchers}`);
  return `sum(${onItsPods(scope, grown)})`;
}
