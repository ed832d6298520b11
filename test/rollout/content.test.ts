import assert from "node:assert/strict";
import { contentFrom, isStill, modelsOf } from "../../rollout/content";

const model = (name: string, version = "1") => ({ name, version, sha256: "a".repeat(64) });
const content = (digest: string, ...models: ReturnType<typeof model>[]) =>
  contentFrom(digest, modelsOf({ models }));

describe("what a slot runs", () => {
  it("is the same whatever the order of the models, and empty where they are not known", () => {
    assert.equal(content("sha256:1", model("a"), model("b")), content("sha256:1", model("b"), model("a")));
    assert.equal(contentFrom("sha256:1", undefined), "");
    assert.equal(contentFrom("sha256:1", []), "");
    assert.equal(contentFrom(undefined, ["a/1@x"]), "");
  });

  const then = content("sha256:1", model("a"));
  for (const [name, now, live, expected] of [
    ["the same", then, "", true],
    ["another model", content("sha256:1", model("b")), then, false],
    ["another version", content("sha256:1", model("a", "2")), then, false],
    ["one model more", content("sha256:1", model("a"), model("b")), then, false],
    ["an image that only it runs", content("sha256:2", model("a")), content("sha256:1", model("c")), false],
    [
      "an image that is live elsewhere",
      content("sha256:2", model("a")),
      content("sha256:2", model("c")),
      true,
    ],
    ["something unknown", "", then, true],
  ] as const) {
    it(`${expected ? "still is what it was" : "is something else"} with ${name}`, () => {
      assert.equal(isStill(then, now, live), expected);
    });
  }

  it("is taken for what it was where that was not recorded", () => {
    assert.equal(isStill("", then, then), true);
  });
});
