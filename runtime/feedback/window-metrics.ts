import {
  accuracy,
  calibrationError,
  macroScores,
  meanAbsoluteError,
  rmse,
  rocAuc,
  scoresOfClass,
} from "../quality/quality-metrics";
import type { GradedTask } from "./graded-task";
import type { GradedSample } from "./quality-window";

/** Values of the label `metric`, once; which of them a task has, docs/quality.md says. */
export const WINDOW_METRICS = [
  "accuracy",
  "precision",
  "recall",
  "f1",
  "roc_auc",
  "calibration_error",
  "rmse",
  "mae",
] as const;
export type WindowMetric = (typeof WINDOW_METRICS)[number];

/** What is known of a window; a metric that its samples do not define is missing. */
export type WindowQuality = Readonly<Partial<Record<WindowMetric, number>>>;

/** @param samples at least one */
export function windowQuality(task: GradedTask, samples: readonly GradedSample[]): WindowQuality {
  if (task.task === "regression") {
    const right = samples.map((sample) => sample.right as number);
    const given = samples.map((sample) => sample.given as number);
    return { rmse: rmse(right, given), mae: meanAbsoluteError(right, given) };
  }
  const right = samples.map((sample) => sample.right as string);
  const given = samples.map((sample) => sample.given as string);
  const scored = samples.every(({ score }) => score !== undefined);
  const scores = scored ? samples.map(({ score }) => score!) : [];
  const isBinary = task.task === "binary";
  const isPositive = right.map((name) => name === task.positive);
  // Of several classes it is the one that was given whose probability is told.
  const cameTrue = isBinary ? isPositive : right.map((name, i) => name === given[i]);
  return withoutUnknown({
    accuracy: accuracy(right, given),
    ...(isBinary ? scoresOfClass(task.positive, right, given) : macroScores(right, given)),
    roc_auc: isBinary && scored ? rocAuc(isPositive, scores) : undefined,
    calibration_error: scored ? calibrationError(cameTrue, scores) : undefined,
  });
}

function withoutUnknown(quality: Record<string, number | undefined>): WindowQuality {
  return Object.fromEntries(Object.entries(quality).filter(([, value]) => value !== undefined));
}
