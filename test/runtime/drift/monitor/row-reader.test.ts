import assert from "node:assert/strict";
import type { Datatype, TensorData } from "../../../../runtime/dataplane/datatypes";
import { float16Bits } from "../../../../runtime/dataplane/float16";
import { tensorLayout } from "../../../../runtime/drift/features";
import { MOST_REPETITIONS, RowReader } from "../../../../runtime/drift/monitor/row-reader";
import { RandomProjection, seededUniform } from "../../../../runtime/drift/projection";
import { createSummary, type FeatureSummary } from "../../../../runtime/drift/summary";
import { tensor } from "./support";

function reader(datatype: Datatype, shape: readonly number[], random = seededUniform(1)): RowReader {
  const layout = tensorLayout("input", { name: "x", datatype, shape });
  return new RowReader(
    layout,
    0,
    layout.features.map((_, i) => i),
    shape.indexOf(-1, 1) > 0,
    random,
  );
}

const read = (
  of: RowReader,
  datatype: Datatype,
  shape: number[],
  data: TensorData,
  index: number,
  count: number,
) => {
  const values = of.read([tensor("x", datatype, shape, data)], index, count);
  return values && Array.from(values as ArrayLike<number | string>);
};

describe("RowReader", () => {
  it("copies one row of many", () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const of = reader("FP32", [-1, 2]);
    const values = of.read([tensor("x", "FP32", [3, 2], data)], 1, 3)!;
    data.fill(0);
    assert.deepEqual(Array.from(values as ArrayLike<number>), [3, 4]);
  });

  const values: [Datatype, TensorData, (number | string)[]][] = [
    ["INT64", BigInt64Array.of(-1n, 2n ** 62n), [-1, 2 ** 62]],
    ["UINT64", BigUint64Array.of(0n, 2n ** 64n - 1n), [0, 2 ** 64]],
    ["FP16", Uint16Array.of(float16Bits(1.5), float16Bits(-Infinity)), [1.5, -Infinity]],
    ["BOOL", Uint8Array.of(0, 1), [0, 1]],
    ["BYTES", ["", "ä"], ["", "ä"]],
    ["FP64", Float64Array.of(NaN, 1e300), [NaN, 1e300]],
  ];
  for (const [datatype, data, expected] of values) {
    it(`reads ${datatype}`, () =>
      assert.deepEqual(read(reader(datatype, [-1, 2]), datatype, [1, 2], data, 0, 1), expected));
  }

  it("gives a tensor that is shared by all rows to each of them", () => {
    const of = reader("INT64", []);
    assert.deepEqual(read(of, "INT64", [], BigInt64Array.of(16000n), 2, 4), [16000]);
    assert.deepEqual(
      read(reader("FP32", [2, 2]), "FP32", [2, 2], Float32Array.of(1, 2, 3, 4), 0, 1),
      [1, 2, 3, 4],
    );
  });

  it("finds its tensor in another place, and reads nothing that is not as declared", () => {
    const of = reader("FP32", [-1, 2]);
    const other = tensor("a", "FP32", [1, 1], Float32Array.of(9));
    assert.deepEqual(
      Array.from(
        of.read([other, tensor("x", "FP32", [1, 2], Float32Array.of(1, 2))], 0, 1) as ArrayLike<number>,
      ),
      [1, 2],
    );
    assert.equal(of.read([other], 0, 1), undefined);
    assert.equal(read(of, "FP64", [1, 2], Float64Array.of(1, 2), 0, 1), undefined);
    assert.equal(read(of, "FP32", [1, 3], Float32Array.of(1, 2, 3), 0, 1), undefined);
  });

  it("takes few of the repetitions of a long row, each with the same chance", () => {
    const of = reader("FP32", [-1, -1, 2]);
    const length = 100;
    const row = Float32Array.from({ length: 2 * length }, (_, i) => Math.floor(i / 2));
    const chances = new Float64Array(length);
    const rounds = 5000;
    for (let i = 0; i < rounds; i++) {
      const values = read(of, "FP32", [1, length, 2], row, 0, 1) as number[];
      assert.equal(values.length, 2 * MOST_REPETITIONS);
      for (let at = 0; at < values.length; at += 2) {
        assert.equal(values[at], values[at + 1], "a vector stays whole");
        chances[values[at]!]!++;
      }
    }
    const expected = (rounds * MOST_REPETITIONS) / length;
    for (const count of chances) assert.ok(Math.abs(count - expected) < 6 * Math.sqrt(expected), `${count}`);
    assert.deepEqual(read(of, "FP32", [1, 2, 2], Float32Array.of(1, 2, 3, 4), 0, 1), [1, 2, 3, 4]);
  });

  it("projects long vectors as the baseline does", () => {
    const of = reader("FP32", [-1, 100]);
    const data = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i));
    const places = new Float64Array(8);
    new RandomProjection({ dimensions: 100, count: 8, seed: 1 }).project(data, 100, places);
    assert.deepEqual(read(of, "FP32", [2, 100], data, 1, 2), [...places]);
  });

  it("adds each value to its feature, and none to those that are not followed", () => {
    const layout = tensorLayout("input", { name: "x", datatype: "BYTES", shape: [-1, 3] });
    const feature = { kind: "categorical", count: 2, missing: 0, values: { a: 1, b: 1 }, other: 0 } as const;
    const summaries: FeatureSummary[] = [createSummary(feature), createSummary(feature)];
    const of = new RowReader(layout, 0, [1, -1, 0], false, Math.random);
    of.fold(["a", "x", ""], summaries);
    assert.deepEqual(
      summaries.map((summary) => summary.toJSON()),
      [
        { kind: "categorical", counts: [0, 0], missing: 1, other: 0 },
        { kind: "categorical", counts: [1, 0], missing: 0, other: 0 },
      ],
    );
  });

  it("costs what its work is", () => {
    assert.equal(reader("FP32", [-1, 64]).cost, 640);
    assert.equal(reader("FP32", [-1, 768]).cost, 8 * 768 + 80);
    assert.equal(reader("FP32", [-1, -1, 768]).cost, MOST_REPETITIONS * (8 * 768 + 80));
  });
});
