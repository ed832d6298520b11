import assert from "node:assert/strict";
import { ruleProblems } from "../../../rollout/comparison/rule-checks";

const told = (rules: unknown) => ruleProblems(rules).map(({ path, reason }) => `${path}: ${reason}`);

describe("ruleProblems", () => {
  it("takes rules of every kind, and none", () => {
    const rule = { absolute: 0.01, relative: 0, nanEqual: false, topK: 5 };
    assert.deepEqual(told({ outputs: { y: rule, z: {} }, others: rule }), []);
    assert.deepEqual(told({}), []);
    assert.deepEqual(told({ others: { topK: undefined } }), []);
  });

  const wrong: [unknown, string[]][] = [
    [[], [": must be a map with `outputs`, `others` or both"]],
    [{ output: {} }, ["output: does not exist; there are outputs, others"]],
    [{ outputs: [1] }, ["outputs: must be a map of rules by output"]],
    [{ outputs: { y: 0.1 } }, ["outputs.y: must be a map of absolute, relative, nanEqual, topK"]],
    [
      { outputs: { y: { absolute: -1, relative: "0.1", topk: 5 } }, others: { topK: 1.5, nanEqual: 1 } },
      [
        "others.topK: 1.5 must be a whole number >= 0",
        "others.nanEqual: 1 must be true or false",
        "outputs.y.absolute: -1 must be a number >= 0",
        "outputs.y.relative: 0.1 must be a number >= 0",
        "outputs.y.topk: does not exist; there are absolute, relative, nanEqual, topK",
      ],
    ],
    [{ others: { absolute: NaN } }, ["others.absolute: NaN must be a number >= 0"]],
    [{ others: { relative: Infinity } }, ["others.relative: Infinity must be a number >= 0"]],
  ];
  for (const [rules, problems] of wrong) {
    it(`tells what is wrong with ${JSON.stringify(rules)}`, () => assert.deepEqual(told(rules), problems));
  }
});
