import assert from "node:assert";
import { autoName } from "../../../../toolchain/plugins/shared/autoname";

const randomSeed = Buffer.from("seed");

describe("autoName", () => {
  it("adds digits that depend on the seed alone", () => {
    const name = autoName({ name: "web", randomSeed });
    assert.match(name ?? "", /^web-[0-9a-f]{8}$/);
    assert.strictEqual(autoName({ name: "web", randomSeed }), name);
    assert.notStrictEqual(autoName({ name: "web", randomSeed: Buffer.from("other") }), name);
  });

  it("is random without a seed", () => {
    const none = new Uint8Array();
    assert.notStrictEqual(
      autoName({ name: "web", randomSeed: none }),
      autoName({ name: "web", randomSeed: none }),
    );
  });

  it("cuts the logical name where the API takes no more", () => {
    const name = autoName({ name: "x".repeat(100), randomSeed, maxLength: 63 });
    assert.strictEqual(name?.length, 63);
  });

  it("follows the stack's configuration", () => {
    const named = (mode: "propose" | "enforce" | "disable", proposedName: string) =>
      autoName({ name: "web", randomSeed, maxLength: 10, autonaming: { mode, proposedName } });
    assert.strictEqual(named("propose", "short"), "short");
    assert.match(named("propose", "longer than ten") ?? "", /^w-[0-9a-f]{8}$/);
    assert.strictEqual(named("enforce", "longer than ten"), "longer than ten");
    assert.strictEqual(named("disable", ""), undefined);
  });
});
