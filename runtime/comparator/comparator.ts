import { compareAnswers } from "../../rollout/comparison/compare";
import type { ComparisonRules } from "../../rollout/comparison/rules";
import {
  ComparisonSummary,
  type ComparisonReport,
  type StoredSummary,
} from "../../rollout/comparison/summary";
import { otherSlot, type Slot } from "../../rollout/declaration";
import { Pairing, type PairingLimits, type Unpaired } from "./pairing";
import type { SampledAnswer } from "./sampled-answer";

export interface ComparatorOptions extends PairingLimits {
  /** The slot that the other one is compared with. */
  readonly live: Slot;
  readonly rules: ComparisonRules;
}

/** Models with a summary of their own; what a client makes up beyond fills no memory. */
export const MAX_MODELS = 100;

/** Compares both slots' answers as they come in, and sums up per model. */
export class Comparator {
  /** Answers that had no other half, by slot and reason. */
  readonly unpaired: Readonly<Record<Slot, Record<Unpaired, number>>> = {
    blue: { timeout: 0, room: 0 },
    green: { timeout: 0, room: 0 },
  };
  /** Pairs of models beyond those that are summed up. */
  passedOver = 0;
  private readonly summaries = new Map<string, ComparisonSummary>();
  /** Until the next pair: one scrape asks for it once per metric. */
  private reported: Record<string, ComparisonReport> | undefined;
  private readonly pairing: Pairing;

  constructor(
    private readonly options: ComparatorOptions,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.pairing = new Pairing(options, {
      paired: (model, requestId, answers) => this.compare(model, requestId, answers),
      unpaired: (slot, reason) => void this.unpaired[slot][reason]++,
    });
  }

  get waiting(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.pairing.count, bytes: this.pairing.bytes };
  }

  offer(slot: Slot, answer: SampledAnswer, bytes: number): void {
    this.pairing.offer(slot, answer, bytes, this.now());
  }

  /** Gives up what has waited too long; to be called now and then. */
  expire(): void {
    this.pairing.expire(this.now());
  }

  /** Per model, in the order of their names. */
  reports(): Record<string, ComparisonReport> {
    this.reported ??= Object.fromEntries(this.sorted().map(([model, summary]) => [model, summary.report()]));
    return this.reported;
  }

  /** What can be stored, and joined with others' by `ComparisonSummary`. */
  stored(): Record<string, StoredSummary> {
    return Object.fromEntries(this.sorted().map(([model, summary]) => [model, summary.toJSON()]));
  }

  private sorted(): [string, ComparisonSummary][] {
    return [...this.summaries].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  private compare(model: string, requestId: string, answers: Readonly<Record<Slot, SampledAnswer>>): void {
    const { live, rules } = this.options;
    let summary = this.summaries.get(model);
    if (summary === undefined) {
      if (this.summaries.size >= MAX_MODELS) {
        this.passedOver++;
        return;
      }
      this.summaries.set(model, (summary = new ComparisonSummary()));
    }
    this.reported = undefined;
    summary.add(requestId, compareAnswers(answers[live], answers[otherSlot(live)], rules));
  }
}
