import assert from "node:assert/strict";
import { firstDifference } from "../oracles/difference";

describe("firstDifference", () => {
  const cases: [name: string, before: unknown, now: unknown, difference: string | undefined][] = [
    ["equal values", { a: [1, "b", null] }, { a: [1, "b", null] }, undefined],
    ["numbers within the tolerance", [1e6, 0], [1e6 + 1e-4, 1e-10], undefined],
    ["numbers beyond it", { a: [1, 2] }, { a: [1, 2.1] }, "a.1 was 2, but is 2.1"],
    ["a text for a number", { a: 1 }, { a: "1" }, 'a was 1, but is "1"'],
    ["a field that is gone", { a: 1, b: 2 }, { a: 1 }, "b is no longer there"],
    ["a field that is new", { a: {} }, { a: { b: 1 } }, "a.b is new"],
    ["another whole", 1, 2, "the whole was 1, but is 2"],
  ];
  for (const [name, before, now, difference] of cases) {
    it(`tells ${name}`, () => assert.equal(firstDifference(before, now, 1e-9), difference));
  }
});
