import assert from "node:assert/strict";
import * as fc from "fast-check";
import { quantileEdges } from "../../../../runtime/drift/profile/edges";

const edges = (values: number[], bins: number) => quantileEdges(Float64Array.from(values).sort(), bins);

describe("quantileEdges", () => {
  it("parts numbers evenly", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    assert.deepEqual(edges(hundred, 4), [25, 50, 75]);
    assert.deepEqual(edges(hundred, 2), [50]);
  });

  it("gives a frequent value a bin of its own", () => {
    // The largest number below 0 ends the bin before; 1 and 2 share the last.
    assert.deepEqual(edges([-4, -3, -2, 0, 0, 0, 0, 0, 1, 2], 5), [-3, -2, 0]);
  });

  for (const [value, below] of [
    [5, 4.999999999999999],
    [-5, -5.000000000000001],
    [0, -5e-324],
  ] as const) {
    it(`gives the constant ${value} a bin that holds nothing else`, () => {
      assert.deepEqual(edges([value, value, value], 10), [below, value]);
    });
  }

  it("does with one number", () => assert.equal(edges([1], 20).at(-1), 1));

  it("always ascends", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
          { minLength: 1 },
        ),
        fc.integer({ min: 2, max: 30 }),
        (values, bins) =>
          edges(
            values.map((value) => value + 0),
            bins,
          ).every((edge, i, all) => i === 0 || edge > all[i - 1]!),
      ),
    );
  });
});
