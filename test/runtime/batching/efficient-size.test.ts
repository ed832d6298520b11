import assert from "node:assert/strict";
import { EfficientSize } from "../../../runtime/batching/efficient-size";

/** Full runs of a model with this time per run in milliseconds; returns the size that each had. */
function run(sizes: EfficientSize, ms: (rows: number) => number, runs: number, key = "k"): number[] {
  return Array.from({ length: runs }, () => {
    const rows = sizes.size;
    sizes.observe({ rows, key, computeMs: ms(rows) });
    return rows;
  });
}

/** The time of a row falls until `best`, and rises beyond. */
const valley = (best: number) => (rows: number) => rows * (8 + 0.4 * Math.abs(Math.log2(rows / best)));

describe("EfficientSize", () => {
  for (const [initial, best] of [
    [32, 8],
    [2, 8],
    [8, 8],
    [32, 1],
    [1, 32],
  ] as const) {
    it(`finds ${best} from ${initial}`, () => {
      const sizes = new EfficientSize({ initial, largest: 32 });
      run(sizes, valley(best), 200);
      const chosen = run(sizes, valley(best), 400);
      assert.ok(chosen.filter((size) => size === best).length > 350, chosen.join(" "));
    });
  }

  it("compares ever more seldom where nothing better is there", () => {
    const sizes = new EfficientSize({ initial: 8, largest: 32 });
    const others = (runs: number) => run(sizes, valley(8), runs).filter((size) => size !== 8).length / runs;
    const early = others(200);
    run(sizes, valley(8), 5000);
    const late = others(5000);
    assert.ok(early > 0.05 && late < 0.01, `${early} ${late}`);
  });

  it("stays where larger batches save too little for the wait", () => {
    const sizes = new EfficientSize({ initial: 4, largest: 32 });
    run(sizes, (rows) => 40 * rows * (1 - 0.002 * Math.log2(rows)), 400);
    assert.equal(sizes.size, 4);
  });

  it("learns nothing from quick runs, failed ones, batches that are not full and rows of other shapes", () => {
    const sizes = new EfficientSize({ initial: 32, largest: 32 });
    run(sizes, (rows) => 0.01 * rows, 500);
    for (let i = 0; i < 500; i++) {
      sizes.observe({ rows: sizes.size, key: "k", computeMs: undefined });
      sizes.observe({ rows: 3, key: "k", computeMs: 24 });
      assert.equal(sizes.size, 32);
    }
    for (let i = 0; i < 500; i++) {
      sizes.observe({ rows: sizes.size, key: `k${i}`, computeMs: valley(8)(sizes.size) });
      assert.equal(sizes.size, 32);
    }
  });

  it("does not take for a larger batch's merit that the one before brought less work to the core they share", () => {
    let before = 1;
    const sharing = (rows: number) => {
      const ms = 12 * rows + before;
      before = rows;
      return ms;
    };
    const sizes = new EfficientSize({ initial: 4, largest: 32 });
    assert.deepEqual([...new Set(run(sizes, sharing, 2000))].sort(), [2, 4, 8]);
    assert.equal(sizes.size, 4);
  });

  it("gives a larger size up that callers do not fill", () => {
    const sizes = new EfficientSize({ initial: 4, largest: 32 });
    for (let i = 0; i < 400; i++) {
      const rows = Math.min(4, sizes.size);
      sizes.observe({ rows, key: "k", computeMs: valley(8)(rows) });
    }
    assert.equal(sizes.size, 4);
  });

  it("changes nothing where a run may have one row only", () => {
    const sizes = new EfficientSize({ initial: 1, largest: 1 });
    assert.deepEqual([...new Set(run(sizes, valley(8), 300))], [1]);
  });

  it("is not led astray by a machine that others use too", () => {
    // A linear congruential generator: the same disturbance in every run of the test.
    let state = 1;
    const chance = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const sizes = new EfficientSize({ initial: 8, largest: 32 });
    const chosen = run(sizes, (rows) => valley(8)(rows) * (chance() < 0.3 ? 1.5 + chance() : 1), 4000);
    assert.ok(chosen.filter((size) => size === 8).length > 3000, chosen.join(" "));
    let speed = 1;
    const drifting = run(
      new EfficientSize({ initial: 8, largest: 32 }),
      (rows) => valley(8)(rows) * (speed *= 1.001),
      2000,
    );
    assert.ok(drifting.filter((size) => size === 8).length > 1500, drifting.join(" "));
  });
});
