import assert from "node:assert";
import { diffInputs, formatPath } from "../../../../toolchain/plugins/shared/diff";
import { Secret, UNKNOWN } from "../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../toolchain/plugins/shared/values";

describe("formatPath", () => {
  const cases: [(string | number)[], string][] = [
    [["spec", "ports", 0, "port"], "spec.ports[0].port"],
    [["metadata", "annotations", "a.b/c"], 'metadata.annotations["a.b/c"]'],
    [["data", ""], 'data[""]'],
    [['say "hi"'], '["say \\"hi\\""]'],
  ];
  for (const [path, text] of cases) {
    it(`writes ${text}`, () => assert.strictEqual(formatPath(path), text));
  }
});

describe("diffInputs", () => {
  const cases: [string, Properties, Properties, { [path: string]: string }][] = [
    ["nothing", { a: { b: [1] } }, { a: { b: [1] } }, {}],
    ["a leaf", { a: { b: 1 } }, { a: { b: 2 } }, { "a.b": "update" }],
    ["a longer list", { a: [1] }, { a: [1, 2] }, { "a[1]": "add" }],
    ["a shorter list", { a: [1, 2] }, { a: [1] }, { "a[1]": "delete" }],
    ["null in place of nothing", { a: null }, {}, {}],
    ["a value that is not known yet", { a: 1 }, { a: UNKNOWN }, { a: "update" }],
    ["a secret with the same value", { a: new Secret(1) }, { a: 1 }, {}],
    ["a secret with another value", { a: new Secret(1) }, { a: new Secret(2) }, { a: "update" }],
    ["another type", { a: [1] }, { a: { b: 1 } }, { a: "update" }],
  ];
  for (const [title, before, after, expected] of cases) {
    it(`reports ${title}`, () => {
      const { changes, detailed = {} } = diffInputs(before, after);
      const kinds = Object.fromEntries(Object.entries(detailed).map(([path, { kind }]) => [path, kind]));
      assert.deepStrictEqual(kinds, expected);
      assert.strictEqual(changes, Object.keys(expected).length > 0);
    });
  }

  it("says which changes force a replacement", () => {
    const { detailed } = diffInputs({ a: 1, b: 1 }, { a: 2, b: 2 }, ([name]) => name === "a");
    assert.deepStrictEqual(detailed, { a: { kind: "update-replace" }, b: { kind: "update" } });
  });
});
