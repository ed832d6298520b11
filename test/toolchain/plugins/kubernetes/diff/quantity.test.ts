import * as assert from "node:assert";
import fc from "fast-check";
import { parseQuantity, sameQuantity } from "../../../../../toolchain/plugins/kubernetes/diff/quantity";

describe("sameQuantity", () => {
  const same: [unknown, unknown][] = [
    ["1", 1],
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1Gi", "1024Mi"],
    ["1.5Gi", "1536Mi"],
    ["1k", "1000"],
    ["1e3", "1000"],
    ["-2", "-2000m"],
  ];
  for (const [a, b] of same) it(`${a} is ${b}`, () => assert.ok(sameQuantity(a, b)));

  const different: [unknown, unknown][] = [
    ["1", "2"],
    ["1G", "1Gi"],
    ["1m", "1M"],
    ["abc", "abc"],
    ["", ""],
  ];
  for (const [a, b] of different) it(`"${a}" is not "${b}"`, () => assert.ok(!sameQuantity(a, b)));

  it("holds for any number of millis", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millis) => {
        assert.strictEqual(parseQuantity(`${millis}m`), parseQuantity(String(millis / 1_000)));
      }),
    );
  });
});
