import assert from "node:assert/strict";
import { gradedTask } from "../../../runtime/feedback/graded-task";
import { predictionOf } from "../../../runtime/feedback/prediction";
import { readTruth } from "../../../runtime/feedback/truth";
import { VersionQuality } from "../../../runtime/feedback/version-quality";
import oracle from "../../oracles/quality.json";

interface Case {
  readonly task: "binary" | "classification" | "regression";
  readonly threshold?: number;
  readonly right: readonly number[];
  readonly scores?: readonly number[];
  readonly probabilities?: readonly (readonly number[])[];
  readonly given?: readonly number[];
  readonly expected: Readonly<Record<string, number>>;
}

/** Sums of some hundred doubles in another order. */
const TOLERANCE = 1e-12;

describe("the metrics of a window, beside scikit-learn's", () => {
  it("were written by the version that the docs name", () => assert.equal(oracle["scikit-learn"], "1.9.1"));

  for (const [name, { task, threshold, right, scores, probabilities, given, expected }] of Object.entries(
    oracle.cases as unknown as Record<string, Case>,
  )) {
    it(`agree for ${name}`, () => {
      const graded = gradedTask({ output: "y", task, ...(threshold === undefined ? {} : { threshold }) });
      const data = (scores ?? given ?? probabilities!.flat()) as number[];
      const prediction = predictionOf(
        graded,
        { datatype: "FP64", shape: [right.length], data },
        right.length,
      );
      const truth = readTruth(graded, right, "truth", prediction);
      const version = new VersionQuality(graded, { windowSamples: 1000, windowMs: 1000 });
      truth.forEach((each, i) =>
        version.add({
          right: each!,
          given: prediction.classes?.[i] ?? prediction.scores![i]!,
          score: prediction.scores?.[i],
          segments: [],
          at: 0,
        }),
      );
      const [{ quality, samples } = assert.fail("nothing")] = version.read(0);
      assert.equal(samples, right.length);
      assert.deepEqual(Object.keys(quality).sort(), Object.keys(expected).sort());
      for (const [metric, value] of Object.entries(expected)) {
        const own = quality[metric as keyof typeof quality]!;
        const distance = Math.abs(own - value) / Math.max(1, Math.abs(value));
        assert.ok(distance <= TOLERANCE, `${metric} is ${own}, not ${value}`);
      }
    });
  }
});
