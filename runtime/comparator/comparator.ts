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
import type { StoredComparison } from "./summary-file";

export interface ComparatorOptions extends PairingLimits {
  /** The slot that the other one is compared with. */
  readonly live: Slot;
  readonly rules: ComparisonRules;
  /** What an earlier process has seen. @default nothing */
  readonly before?: StoredComparison;
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
  /** Milliseconds since 1970: when the first process of this comparison began. */
  readonly began: number;
  /** What this process has seen. */
  private readonly summaries = new Map<string, ComparisonSummary>();
  /** Until the next pair: one scrape asks for it once per metric. */
  private reported: Record<string, ComparisonReport> | undefined;
  private counted: Record<string, ComparisonReport> | undefined;
  private readonly pairing: Pairing;

  constructor(
    private readonly options: ComparatorOptions,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = options.before?.began ?? Date.now();
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

  /** Of everything that was compared, per model, in the order of their names. */
  reports(): Readonly<Record<string, ComparisonReport>> {
    return (this.reported ??= reportsOf(this.joined()));
  }

  /**
   * Of what this process has compared. Counters must be of these: one that is taken up where a file says, some seconds ago, would
   * have gone back, which Prometheus takes for one that counted from nothing to there.
   */
  reportsOfProcess(): Readonly<Record<string, ComparisonReport>> {
    return (this.counted ??= reportsOf(this.summaries));
  }

  /** What can be stored per model, and joined with others' by `ComparisonSummary`. */
  stored(): Record<string, StoredSummary> {
    return Object.fromEntries(sorted(this.joined()).map(([model, summary]) => [model, summary.toJSON()]));
  }

  /** All that the next process needs to go on. */
  comparison(): StoredComparison {
    const { live, rules } = this.options;
    return { live, rules, began: this.began, models: this.stored() };
  }

  private joined(): ReadonlyMap<string, ComparisonSummary> {
    const { before } = this.options;
    if (before === undefined) return this.summaries;
    const whole = new Map(
      Object.entries(before.models).map(([model, stored]) => [model, ComparisonSummary.of(stored)]),
    );
    for (const [model, summary] of this.summaries) {
      const known = whole.get(model);
      if (known) known.join(summary);
      else whole.set(model, summary);
    }
    return whole;
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
    this.reported = this.counted = undefined;
    summary.add(requestId, compareAnswers(answers[live], answers[otherSlot(live)], rules));
  }
}

const sorted = (summaries: ReadonlyMap<string, ComparisonSummary>): [string, ComparisonSummary][] =>
  [...summaries].sort(([one], [other]) => (one < other ? -1 : 1));

const reportsOf = (summaries: ReadonlyMap<string, ComparisonSummary>): Record<string, ComparisonReport> =>
  Object.fromEntries(sorted(summaries).map(([model, summary]) => [model, summary.report()]));
