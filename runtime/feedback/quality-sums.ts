import type { GradedTask } from "./graded-task";
import type { GradedSample } from "./quality-window";

/** What a binary answer was, as Prometheus can add it up over replicas. */
export const OUTCOMES = ["true_positive", "false_positive", "true_negative", "false_negative"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Sums over all samples that were graded since the server began; they only grow. */
export class QualitySums {
  graded = 0;
  correct = 0;
  absoluteError = 0;
  squaredError = 0;
  readonly outcomes: Record<Outcome, number> = {
    true_positive: 0,
    false_positive: 0,
    true_negative: 0,
    false_negative: 0,
  };

  add({ task, positive }: GradedTask, { right, given }: GradedSample): void {
    this.graded++;
    if (task === "regression") {
      const error = Math.abs((given as number) - (right as number));
      this.absoluteError += error;
      this.squaredError += error ** 2;
      return;
    }
    const isCorrect = right === given;
    if (isCorrect) this.correct++;
    if (task === "binary")
      this.outcomes[`${isCorrect ? "true" : "false"}_${given === positive ? "positive" : "negative"}`]++;
  }
}
