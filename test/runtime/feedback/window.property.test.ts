import assert from "node:assert/strict";
import fc from "fast-check";
import { gradedTask } from "../../../runtime/feedback/graded-task";
import type { GradedSample } from "../../../runtime/feedback/quality-window";
import { VersionQuality } from "../../../runtime/feedback/version-quality";

/** Metrics by their definitions, in as many passes as they take; nothing is shared with what is tested. */
function naive(task: "binary" | "classification" | "regression", samples: readonly GradedSample[]) {
  const n = samples.length;
  if (task === "regression") {
    const errors = samples.map(({ right, given }) => Number(given) - Number(right));
    return {
      rmse: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / n),
      mae: errors.reduce((sum, error) => sum + Math.abs(error), 0) / n,
    };
  }
  const count = (holds: (sample: GradedSample) => boolean) => samples.filter(holds).length;
  const classes =
    task === "binary" ? ["1"] : [...new Set(samples.flatMap(({ right, given }) => [right, given]))];
  const each = classes.map((name) => {
    const hits = count(({ right, given }) => right === name && given === name);
    const missed = count(({ right, given }) => right === name && given !== name);
    const wrong = count(({ right, given }) => right !== name && given === name);
    return [
      hits / (hits + wrong) || 0,
      hits / (hits + missed) || 0,
      (2 * hits) / (2 * hits + missed + wrong) || 0,
    ];
  });
  const mean = (at: number) => each.reduce((sum, scores) => sum + scores[at]!, 0) / each.length;
  const pairs = samples.flatMap((one) => samples.map((other) => [one, other] as const));
  const compared = pairs.filter(([one, other]) => one.right === "1" && other.right === "0");
  const won = compared.reduce(
    (sum, [one, other]) => sum + (one.score! > other.score! ? 1 : one.score === other.score ? 0.5 : 0),
    0,
  );
  const bins = Array.from({ length: 10 }, (_, i) =>
    samples.filter(({ score }) => Math.max(0, Math.ceil(score! * 10) - 1) === i),
  );
  const gaps = bins.map((bin) => {
    const told = bin.reduce((sum, { score }) => sum + score!, 0);
    const true_ = bin.filter(({ right, given }) =>
      task === "binary" ? right === "1" : right === given,
    ).length;
    return Math.abs(told - true_) / n;
  });
  return {
    accuracy: count(({ right, given }) => right === given) / n,
    precision: mean(0),
    recall: mean(1),
    f1: mean(2),
    ...(task === "binary" && compared.length > 0 ? { roc_auc: won / compared.length } : {}),
    calibration_error: gaps.reduce((sum, gap) => sum + gap, 0),
  };
}

const SEGMENTS = [[], ["country=DE"], ["country=FR", "tier=1"], ["tier=1"]];

/** Eighths: what is added up is exact, and no score lies on the bound of a bin but 0 and 1. */
const score = fc.integer({ min: 0, max: 8 }).map((n) => n / 8);
const step = fc.record({
  right: fc.integer({ min: 0, max: 2 }),
  given: fc.integer({ min: 0, max: 2 }),
  score,
  segments: fc.constantFrom(...SEGMENTS),
  wait: fc.integer({ min: 0, max: 30 }),
});

describe("a window", () => {
  for (const task of ["binary", "classification", "regression"] as const) {
    it(`tells of each segment of a ${task} what its own samples say, and those alone`, () =>
      fc.assert(
        fc.property(
          fc.array(step, { maxLength: 60 }),
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 10, max: 300 }),
          (steps, windowSamples, windowMs) => {
            const graded = gradedTask({ output: "y", task });
            const version = new VersionQuality(graded, { windowSamples, windowMs });
            const all: GradedSample[] = [];
            let now = 0;
            for (const { right, given, score: told, segments, wait } of steps) {
              now += wait;
              const of = (n: number) =>
                task === "regression" ? n / 4 : String(task === "binary" ? Math.min(1, n) : n);
              const sample = { right: of(right), given: of(given), score: told, segments, at: now };
              version.add(sample);
              all.push(sample);
              // Reading in between must not change what is read later.
              if (wait % 3 === 0) version.read(now);
            }
            const inside = all.slice(-windowSamples).filter(({ at }) => at > now - windowMs);
            const names = [...new Set(inside.flatMap(({ segments }) => segments))];
            const expected = (inside.length === 0 ? [] : ["all", ...names]).map((segment) => {
              const own = inside.filter(({ segments }) => segment === "all" || segments.includes(segment));
              return { segment, samples: own.length, quality: naive(task, own) };
            });
            const read = version.read(now);
            assert.deepEqual(
              read.map(({ segment, samples }) => [segment, samples]),
              expected.map(({ segment, samples }) => [segment, samples]),
            );
            read.forEach(({ quality }, i) => {
              const other = expected[i]!.quality as Record<string, number>;
              assert.deepEqual(Object.keys(quality).sort(), Object.keys(other).sort());
              for (const [metric, value] of Object.entries(quality))
                assert.ok(
                  Math.abs(value - other[metric]!) < 1e-12,
                  `${metric} is ${value}, not ${other[metric]}`,
                );
            });
            // The sums are of everything, whatever has left the window.
            assert.equal(version.sums.get("all")?.graded ?? 0, all.length);
          },
        ),
        { numRuns: 60 },
      ));
  }
});
