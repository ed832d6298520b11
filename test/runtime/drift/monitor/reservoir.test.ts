import assert from "node:assert/strict";
import { Reservoir } from "../../../../runtime/drift/monitor/reservoir";
import { seededUniform } from "../../../../runtime/drift/projection";

/** Offers rows 0, 1, … in requests of these sizes. */
function fill(reservoir: Reservoir<number>, sizes: readonly number[]): readonly number[] {
  let from = 0;
  for (const size of sizes) {
    if (reservoir.offer(size)) {
      for (let i = reservoir.indexAmong(size); i >= 0; i = reservoir.indexAmong(size))
        reservoir.put(from + i);
    }
    from += size;
  }
  return [...reservoir.take()];
}

const ones = (count: number) => Array.from({ length: count }, () => 1);

describe("Reservoir", () => {
  it("keeps every row while they fit", () => {
    assert.deepEqual(fill(new Reservoir(5), [1, 3]), [0, 1, 2, 3]);
    assert.deepEqual(fill(new Reservoir(5), [5]), [0, 1, 2, 3, 4]);
  });

  it("keeps as many as fit, each once, however many come at a time", () => {
    for (const sizes of [ones(1000), [1000], [1, 998, 1], [7, 0, 993]]) {
      const rows = fill(new Reservoir(10, seededUniform(3)), sizes);
      assert.equal(rows.length, 10);
      assert.equal(new Set(rows).size, 10);
      assert.ok(rows.every((row) => row >= 0 && row < 1000));
    }
  });

  it("says which row leaves for another", () => {
    const reservoir = new Reservoir<number>(2, seededUniform(5));
    const left: number[] = [];
    let put = 0;
    for (let row = 0; row < 200; row++) {
      if (!reservoir.offer(1)) continue;
      put++;
      const gone = reservoir.put(row);
      if (gone !== undefined) left.push(gone);
    }
    const kept = reservoir.take();
    assert.equal(left.length, put - 2);
    assert.equal(new Set([...left, ...kept]).size, put);
  });

  it("begins anew with each sample", () => {
    const reservoir = new Reservoir<number>(3, seededUniform(1));
    fill(reservoir, ones(500));
    assert.ok(reservoir.isEmpty);
    assert.deepEqual(fill(reservoir, ones(3)), [0, 1, 2]);
    assert.deepEqual(fill(reservoir, []), []);
  });

  for (const [what, sizes] of [
    ["single rows", ones(100)],
    ["requests of several rows", [1, 9, 30, 20, 40]],
  ] as const) {
    it(`gives every row the same chance: ${what}`, () => {
      const reservoir = new Reservoir<number>(10, seededUniform(11));
      const counts = new Float64Array(100);
      const rounds = 6000;
      for (let i = 0; i < rounds; i++) for (const row of fill(reservoir, sizes)) counts[row]!++;
      const expected = rounds / 10;
      // Counts within a round exclude each other, which makes the sum of squares smaller by the share that is kept.
      const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / 0.9;
      // 99 degrees of freedom: 0.1 % of fair samples lie above 148.2, and as many below 61.1.
      assert.ok(chi < 148.2 && chi > 61.1, `chi-square ${chi}`);
      assert.equal(
        counts.reduce((sum, count) => sum + count),
        rounds * 10,
      );
    });
  }

  it("passes over rows without a random number for each", () => {
    let drawn = 0;
    const uniform = seededUniform(2);
    const reservoir = new Reservoir<number>(10, () => (drawn++, uniform()));
    fill(reservoir, ones(100_000));
    // 10 (1 + ln 10,000) = 102 rows are put in, with 3 numbers each.
    assert.ok(drawn < 600, `${drawn} numbers were drawn`);
  });
});
