import type { FeedbackConfig } from "../models/model-config-types";
import { FEEDBACK_DEFAULTS } from "./feedback-defaults";

/** How answers of a model are graded: `feedback` with what follows from it. */
export interface GradedTask {
  readonly task: FeedbackConfig["task"];
  /** Undefined where classes have no names. */
  readonly classes: readonly string[] | undefined;
  /** Of `binary`: what yes and no are called. */
  readonly positive: string;
  readonly negative: string;
  /** Of `binary`: index of yes. */
  readonly positiveIndex: number;
  readonly threshold: number;
}

export function gradedTask({ task, classes, positiveClass, threshold }: FeedbackConfig): GradedTask {
  const positiveIndex = positiveClass === undefined ? 1 : classes!.indexOf(positiveClass);
  const nameOf = (index: number) => classes?.[index] ?? String(index);
  return {
    task,
    classes,
    positive: nameOf(positiveIndex),
    negative: nameOf(1 - positiveIndex),
    positiveIndex,
    threshold: threshold ?? FEEDBACK_DEFAULTS.threshold,
  };
}
