import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import { selects, selectsAll, selectsByMap } from "../../../policies/model/labels";

const labels = new Map([["app", "text"]]);

describe("selects", () => {
  const cases: readonly [name: string, selector: unknown, picked: boolean][] = [
    ["absent", undefined, false],
    ["empty", {}, true],
    ["equal label", { matchLabels: { app: "text" } }, true],
    ["other label", { matchLabels: { app: "voice" } }, false],
    ["a wrong type for a label that is not there", { matchLabels: { tier: 7 } }, false],
    ["In", { matchExpressions: [{ key: "app", operator: "In", values: ["text"] }] }, true],
    ["NotIn, key absent", { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["x"] }] }, true],
    ["NotIn", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["text"] }] }, false],
    ["Exists", { matchExpressions: [{ key: "tier", operator: "Exists" }] }, false],
    ["DoesNotExist", { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, true],
    ["an operator of another time", { matchExpressions: [{ key: "app", operator: "Near" }] }, false],
  ];
  for (const [name, selector, picked] of cases) {
    it(`${picked ? "picks" : "does not pick"} by a selector: ${name}`, () =>
      assert.strictEqual(selects(new Field(selector), labels), picked));
  }
});

describe("selectsByMap", () => {
  const cases: readonly [name: string, selector: unknown, picked: boolean][] = [
    ["empty", {}, false],
    ["equal label", { app: "text" }, true],
    ["one label of two", { app: "text", tier: "edge" }, false],
    ["a wrong type for a label that is not there", { app: "text", tier: 7 }, false],
  ];
  for (const [name, selector, picked] of cases) {
    it(`${picked ? "picks" : "does not pick"} by a map: ${name}`, () =>
      assert.strictEqual(selectsByMap(new Field(selector), labels), picked));
  }
});

describe("selectsAll", () => {
  it("is true without conditions only", () => {
    assert.ok(selectsAll(new Field({})));
    assert.ok(!selectsAll(new Field({ matchLabels: { a: "b" } })));
    assert.ok(!selectsAll(new Field({ matchExpressions: [{ key: "a", operator: "Exists" }] })));
  });
});
