import type { BenchContext } from "./context";
import {
  emptySummaries,
  rowsUntilFound,
  SHIFTS,
  simulatedBaseline,
  Stream,
  Watcher,
  type Watch,
} from "./drift-simulation";
import { shareOf } from "./experiment-simulation";
import type { Figure } from "./figure";
import { confidenceInterval } from "./statistics";

/** Half windows without any change that are judged. */
const UNCHANGED = 4000;
const QUICK_UNCHANGED = 20;
/** Times that each change comes. */
const TIMES = 200;
const QUICK_TIMES = 2;
/** Windows after which a change counts as not found. */
const MOST_WINDOWS = 10;

interface Setting {
  readonly name: string;
  readonly windowRows: number;
  readonly threshold?: number;
}

/** The first has the defaults. */
const SETTINGS: readonly Setting[] = [
  { name: "500 rows, PSI > 0.2", windowRows: 500 },
  { name: "2000 rows, PSI > 0.2", windowRows: 2000 },
  { name: "2000 rows, PSI > 0.1", windowRows: 2000, threshold: 0.1 },
  { name: "5000 rows, PSI > 0.04", windowRows: 5000, threshold: 0.04 },
];

/**
 * Drift on simulated rows of ten features: how often a window calls one out although nothing changed, and how many rows it takes
 * until a change is called out.
 */
export function benchDrift({ quick }: Pick<BenchContext, "quick">): Figure[] {
  return SETTINGS.flatMap(({ name, windowRows, threshold }, i) => {
    const watch: Watch = { baseline: simulatedBaseline(100 + i), windowRows, options: { threshold } };
    return [
      ...falseAlarms(watch, name, quick ? QUICK_UNCHANGED : UNCHANGED, 1000 * (i + 1)),
      ...SHIFTS.flatMap((_, j) => delays(watch, name, j, quick ? QUICK_TIMES : TIMES, 100_000 * (i + 1))),
    ];
  });
}

function falseAlarms(watch: Watch, server: string, halves: number, seed: number): Figure[] {
  const stream = new Stream(seed);
  const watcher = new Watcher(watch);
  let found = 0;
  let significant = 0;
  let large = 0;
  const alpha = 0.01;
  for (let i = 0; i <= halves; i++) {
    const half = emptySummaries(watch.baseline);
    stream.fill(half, watch.windowRows / 2);
    const judged = watcher.judge(half);
    // The first has half a window only.
    if (i === 0) continue;
    if (judged.some(({ state }) => state === "drifted")) found++;
    if (judged.some(({ adjustedPValue }) => adjustedPValue < alpha)) significant++;
    if (judged.some(({ score }) => score > (watch.options.threshold ?? 0.2))) large++;
  }
  const figure = { benchmark: "drift", server, unit: "%" };
  return [
    { ...figure, measure: "nothing changed: windows with an alarm", value: shareOf(found, halves) },
    { ...figure, measure: "nothing changed: with a p-value below 0.01", value: shareOf(significant, halves) },
    {
      ...figure,
      measure: "nothing changed: with a score above the threshold",
      value: shareOf(large, halves),
    },
  ];
}

function delays(watch: Watch, server: string, place: number, times: number, seed: number): Figure[] {
  const shift = SHIFTS[place]!;
  const rows: number[] = [];
  for (let i = 0; i < times; i++) {
    const found = rowsUntilFound(watch, shift, seed + 1000 * place + i, MOST_WINDOWS);
    if (found !== undefined) rows.push(found);
  }
  const figure = { benchmark: "drift", server };
  const share = { ...figure, measure: `${shift.name}: found`, value: shareOf(rows.length, times), unit: "%" };
  // A mean over the few that were found would tell nothing of the others.
  if (rows.length < times / 2) return [share];
  const mean = rows.reduce((sum, each) => sum + each, 0) / rows.length;
  const value = { value: mean, ...confidenceInterval(rows) };
  return [share, { ...figure, measure: `${shift.name}: rows until then`, value, unit: "rows" }];
}
