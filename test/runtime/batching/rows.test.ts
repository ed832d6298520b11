import assert from "node:assert/strict";
import fc from "fast-check";
import { concatRows, splitRows } from "../../../runtime/batching/rows";

describe("concatRows and splitRows", () => {
  it("give each caller its rows back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (counts, width) => {
          let next = 0;
          const parts = counts.map((rows) => Float32Array.from({ length: rows * width }, () => next++));
          const back = splitRows(concatRows(parts), counts).map((part) => [...part]);
          assert.deepEqual(
            back,
            parts.map((part) => [...part]),
          );
        },
      ),
    );
  });

  it("work on texts", () => {
    assert.deepEqual(splitRows(concatRows([["a"], ["b", "c"]]), [1, 2]), [["a"], ["b", "c"]]);
  });

  it("refuse data that does not divide into the rows", () => {
    assert.throws(() => splitRows(new Float32Array(5), [1, 1]), /5 elements do not divide into 2 rows/);
  });
});
