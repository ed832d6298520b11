import type { Baseline, CategoricalBaseline } from "../runtime/drift/baseline";
import { judgeFeatures, type FeatureJudgement, type JudgeOptions } from "../runtime/drift/judge";
import { counted, NumberCollector } from "../runtime/drift/profile/collectors";
import { seededNormal, seededUniform } from "../runtime/drift/projection";
import { createSummary, mergeSummary, type FeatureSummary } from "../runtime/drift/summary";

/** Features of the simulated model; the first is the one that changes, the last is of texts. */
const NUMBERS = 9;
const TEXT = "input:country";
const BASELINE_ROWS = 20_000;
/** As `slipway baseline` has them. */
const BINS = 20;

/** Shares of the texts. */
export type Shares = Readonly<Record<string, number>>;
const COUNTRIES: Shares = { NO: 0.5, SE: 0.3, DK: 0.2 };

/** What becomes of the rows from some moment on. */
export interface Shift {
  readonly name: string;
  /** The feature that it is in. */
  readonly feature: string;
  readonly number?: (normal: number, uniform: number) => number;
  readonly shares?: Shares;
}

export const NUMBER = "input:x[0]";

export const SHIFTS: readonly Shift[] = [
  ...[0.1, 0.25, 0.5, 1].map((by) => ({
    name: `mean + ${by} sd`,
    feature: NUMBER,
    number: (normal: number) => normal + by,
  })),
  { name: "spread x 1.5", feature: NUMBER, number: (normal) => 1.5 * normal },
  { name: "5 % missing", feature: NUMBER, number: (normal, uniform) => (uniform < 0.05 ? NaN : normal) },
  { name: "two categories change places", feature: TEXT, shares: { NO: 0.3, SE: 0.5, DK: 0.2 } },
  { name: "a new category, 5 %", feature: TEXT, shares: { NO: 0.475, SE: 0.285, DK: 0.19, FI: 0.05 } },
];

/** Rows of a model, before and after a shift. */
export class Stream {
  private readonly normal: () => number;
  private readonly uniform: () => number;

  constructor(seed: number) {
    this.normal = seededNormal(seed);
    this.uniform = seededUniform(seed + 0x9e37);
  }

  /** Adds rows to the summaries of every feature. */
  fill(summaries: ReadonlyMap<string, FeatureSummary>, rows: number, shift?: Shift): void {
    for (const [feature, summary] of summaries) {
      const changed = shift?.feature === feature ? shift : undefined;
      for (let row = 0; row < rows; row++) {
        if (summary.kind === "numeric") {
          const value = this.normal();
          summary.add(changed?.number ? changed.number(value, this.uniform()) : value);
        } else summary.add(this.pick(changed?.shares ?? COUNTRIES));
      }
    }
  }

  private pick(shares: Shares): string {
    let left = this.uniform();
    for (const [name, share] of Object.entries(shares)) if ((left -= share) < 0) return name;
    return Object.keys(shares)[0]!;
  }
}

/** A baseline of standard normal numbers and one text, of 20,000 rows. */
export function simulatedBaseline(seed: number): Pick<Baseline, "features"> {
  const normal = seededNormal(seed);
  const features: Record<string, Baseline["features"][string]> = {};
  for (let i = 0; i < NUMBERS; i++) {
    const collector = new NumberCollector(false);
    for (let row = 0; row < BASELINE_ROWS; row++) collector.add(normal());
    const frame = collector.frame(BINS)!;
    const summary = createSummary(frame);
    collector.countInto(summary);
    features[`input:x[${i}]`] = counted(frame, summary);
  }
  const frame: CategoricalBaseline = {
    kind: "categorical",
    count: 0,
    missing: 0,
    values: COUNTRIES,
    other: 0,
  };
  const summary = createSummary(frame);
  new Stream(seed + 1).fill(new Map([[TEXT, summary]]), BASELINE_ROWS);
  features[TEXT] = counted(frame, summary);
  return { features };
}

export function emptySummaries({ features }: Pick<Baseline, "features">): Map<string, FeatureSummary> {
  return new Map(Object.entries(features).map(([name, feature]) => [name, createSummary(feature)]));
}

export interface Watch {
  readonly baseline: Pick<Baseline, "features">;
  /** Rows of a window, which is judged twice in its time, as the server does. */
  readonly windowRows: number;
  readonly options: JudgeOptions;
}

/** Judges half windows as they come, each with the one before it. */
export class Watcher {
  private before: Map<string, FeatureSummary>;

  constructor(private readonly watch: Watch) {
    this.before = emptySummaries(watch.baseline);
  }

  judge(half: Map<string, FeatureSummary>): FeatureJudgement[] {
    const window = emptySummaries(this.watch.baseline);
    for (const [feature, summary] of window) {
      mergeSummary(summary, this.before.get(feature)!);
      mergeSummary(summary, half.get(feature)!);
    }
    this.before = half;
    return judgeFeatures(this.watch.baseline, window, this.watch.options);
  }
}

/**
 * Rows from the first changed one to the first window that calls its feature out; undefined where none does.
 * @param most windows that are waited for
 */
export function rowsUntilFound(watch: Watch, shift: Shift, seed: number, most: number): number | undefined {
  const stream = new Stream(seed);
  const watcher = new Watcher(watch);
  const half = watch.windowRows / 2;
  // The change comes anywhere in a half window.
  const unchanged = Math.floor(seededUniform(seed)() * half);
  const first = emptySummaries(watch.baseline);
  stream.fill(first, half);
  watcher.judge(first);
  for (let i = 0; i < 2 * most; i++) {
    const summaries = emptySummaries(watch.baseline);
    stream.fill(summaries, i === 0 ? unchanged : 0);
    stream.fill(summaries, i === 0 ? half - unchanged : half, shift);
    const judged = watcher.judge(summaries);
    if (judged.some(({ feature, state }) => feature === shift.feature && state === "drifted"))
      return (i + 1) * half - unchanged;
  }
  return undefined;
}
