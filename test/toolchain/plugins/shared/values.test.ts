import assert from "node:assert";
import {
  hasSecret,
  hasUnknown,
  markSecrets,
  reveal,
  sameValue,
  Secret,
  UNKNOWN,
} from "../../../../toolchain/plugins/shared/values";
import type { Value } from "../../../../toolchain/plugins/shared/values";

describe("property values", () => {
  it("finds unknowns and secrets anywhere", () => {
    assert.strictEqual(hasUnknown({ a: [new Secret({ b: UNKNOWN })] }), true);
    assert.strictEqual(hasUnknown({ a: [new Secret({ b: 1 })] }), false);
    assert.strictEqual(hasSecret([{ a: new Secret(1) }]), true);
    assert.strictEqual(hasSecret([{ a: UNKNOWN }]), false);
  });

  it("reveals secrets inside secrets, and leaves unknowns", () => {
    const value: Value = { a: new Secret([new Secret("x"), UNKNOWN]) };
    assert.deepStrictEqual(reveal(value), { a: ["x", UNKNOWN] });
  });

  it("marks in an answer what was secret in the question", () => {
    const answer = { data: { password: "x", user: "y" }, status: {} };
    const question = { data: { password: new Secret("x"), user: "y" } };
    const marked = { data: { password: new Secret("x"), user: "y" }, status: {} };
    assert.deepStrictEqual(markSecrets(answer, question), marked);
    assert.deepStrictEqual(markSecrets(answer, { data: new Secret({}) }), {
      data: new Secret(answer.data),
      status: {},
    });
    assert.strictEqual(markSecrets(undefined, new Secret("x")), undefined);
  });

  const equal: [Value, Value, boolean][] = [
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [[1, 2], [2, 1], false],
    [new Secret("a"), "a", true],
    [UNKNOWN, UNKNOWN, false],
    [{}, [], false],
  ];
  for (const [a, b, same] of equal) {
    it(`says that ${JSON.stringify(a)} and ${JSON.stringify(b)} are ${same ? "the same" : "different"}`, () => {
      assert.strictEqual(sameValue(a, b), same);
    });
  }
});
