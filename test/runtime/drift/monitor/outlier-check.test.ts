import assert from "node:assert/strict";
import type { ModelSpec } from "../../../../runtime/dataplane/model-spec";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import { modelLayouts } from "../../../../runtime/drift/features";
import { outlierCheck } from "../../../../runtime/drift/monitor/outlier-check";
import { BASELINE, baselineOf, floats, follow, SPEC, tensor } from "./support";

function check(spec: ModelSpec, training: readonly Tensor[], margin = 1.5) {
  const { features } = baselineOf(spec, training);
  return outlierCheck(
    modelLayouts(spec).filter(({ tensor: name }) => name.startsWith("input:")),
    features,
    margin,
  );
}

const one = (datatype: "FP32" | "BYTES" | "INT64" | "FP64", shape: number[] = [-1, 1]): ModelSpec => ({
  inputs: [{ name: "x", datatype, shape }],
  outputs: [],
});

describe("outlierCheck", () => {
  // 0 to 100, evenly: quartiles 25 and 75 to within a bin.
  const evenly = floats(
    "x",
    [101, 1],
    Array.from({ length: 101 }, (_, i) => i),
  );

  it("lets numbers lie outside the training data by the margin in interquartile ranges", () => {
    const isOutlier = check(one("FP32"), [evenly], 1);
    for (const fine of [0, 50, 100, -48, 148])
      assert.equal(isOutlier([floats("x", [1, 1], [fine])]), false, String(fine));
    for (const far of [-52, 152, 1e30])
      assert.equal(isOutlier([floats("x", [1, 1], [far])]), true, String(far));
    assert.equal(check(one("FP32"), [evenly], 0)([floats("x", [1, 1], [100.5])]), true);
  });

  it("looks at every row", () => {
    const rows = new Float32Array(1000).fill(5);
    const isOutlier = check(one("FP32"), [evenly]);
    assert.equal(isOutlier([floats("x", [1000, 1], rows)]), false);
    rows[999] = 999;
    assert.equal(isOutlier([floats("x", [1000, 1], rows)]), true);
  });

  it("has what is missing for an outlier where nothing was", () => {
    const isOutlier = check(one("FP32"), [evenly]);
    for (const missing of [NaN, Infinity]) assert.equal(isOutlier([floats("x", [1, 1], [missing])]), true);
    const gaps = check(one("FP32"), [floats("x", [4, 1], [1, 2, NaN, 3])]);
    for (const missing of [NaN, -Infinity]) assert.equal(gaps([floats("x", [1, 1], [missing])]), false);
  });

  it("has a text for an outlier that is not among all there were", () => {
    const text = (value: string) => [tensor("x", "BYTES", [1, 1], [value])];
    const isOutlier = check(one("BYTES"), [tensor("x", "BYTES", [3, 1], ["a", "b", "b"])]);
    assert.equal(isOutlier(text("a")), false);
    assert.equal(isOutlier(text("c")), true);
    assert.equal(isOutlier(text("")), true);
    assert.equal(isOutlier(text("__proto__")), true);
    const many = Array.from({ length: 500 }, (_, i) => `id${i}`);
    const listed = check(one("BYTES"), [tensor("x", "BYTES", [500, 1], many)]);
    assert.equal(listed(text("never seen")), false, "the baseline does not list all that there were");
  });

  it("takes whole numbers of few values as such", () => {
    const isOutlier = check(one("INT64"), [tensor("x", "INT64", [3, 1], BigInt64Array.of(0n, 1n, 7n))]);
    assert.equal(isOutlier([tensor("x", "INT64", [1, 1], BigInt64Array.of(7n))]), false);
    assert.equal(isOutlier([tensor("x", "INT64", [1, 1], BigInt64Array.of(3n))]), true);
    assert.equal(isOutlier([tensor("x", "INT64", [1, 1], BigInt64Array.of(2n ** 62n))]), true);
  });

  it("looks at long vectors by their projections", () => {
    const spec = one("FP32", [-1, 100]);
    const isOutlier = check(spec, [
      floats(
        "x",
        [50, 100],
        Array.from({ length: 5000 }, (_, i) => Math.sin(i * i)),
      ),
    ]);
    assert.equal(
      isOutlier([
        floats(
          "x",
          [1, 100],
          Array.from({ length: 100 }, (_, i) => Math.sin(i * i)),
        ),
      ]),
      false,
    );
    assert.equal(isOutlier([floats("x", [1, 100], new Float32Array(100).fill(50))]), true);
  });

  it("leaves the refusal of a request that does not fit to the model", () => {
    const isOutlier = check(one("FP32"), [evenly]);
    assert.equal(isOutlier([]), false);
    assert.equal(isOutlier([tensor("x", "FP64", [1, 1], Float64Array.of(1e9))]), false);
  });
});

describe("a monitor that looks for outliers", () => {
  it("counts requests, not rows, and marks them", async () => {
    const followed = follow({ outliers: { perRequest: true } });
    const fine = await followed.ask([floats("x", [1, 2], [0, 0])], []);
    const far = await followed.ask([floats("x", [3, 2], [0, 0, 99, 99, -99, 0])], []);
    assert.equal(fine.outlier, undefined);
    assert.equal(far.outlier, true);
    assert.match(await followed.metrics(), /slipway_drift_outliers_total\{model="m",version="1"\} 1\n/);
  });

  it("marks nothing unless it is asked to", async () => {
    const followed = follow({}, { spec: SPEC, baseline: BASELINE });
    const far = await followed.ask([floats("x", [1, 2], [99, 99])], []);
    assert.equal(far.outlier, undefined);
    assert.doesNotMatch(await followed.metrics(), /slipway_drift_outliers_total\{/);
  });
});
