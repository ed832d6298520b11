import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import { UNKNOWN, UnknownRead } from "../../../policies/model/unknown";

describe("Field", () => {
  const field = new Field({ spec: { on: true, text: "a", none: null, list: [1, "b"], later: UNKNOWN } });

  it("reads by path and type", () => {
    assert.strictEqual(field.get("spec", "text").string(), "a");
    assert.strictEqual(field.get("spec", "text").number(), undefined);
    assert.deepStrictEqual(field.get("spec", "list").strings(), ["b"]);
    assert.strictEqual(field.get("spec").get("list").items()[1]?.path, "spec.list[1]");
    assert.deepStrictEqual(field.get("spec", "text").items(), []);
  });

  it("takes nothing from prototypes", () => {
    assert.ok(!field.get("constructor").exists());
    assert.ok(!field.get("spec", "list", "length").exists());
  });

  it("takes null and absence for off, a wrong type for on", () => {
    assert.ok(field.get("spec", "none").isOff());
    assert.ok(field.get("nothing", "here").isOff());
    assert.ok(!field.get("spec", "text").isOff());
  });

  it("throws for an unknown value and for what would lie below it", () => {
    for (const read of [
      () => field.get("spec", "later").exists(),
      () => field.get("spec", "later", "x").items(),
    ]) {
      assert.throws(read, UnknownRead);
    }
    assert.throws(() => field.get("spec", "later").string(), /^UnknownRead: `spec.later` is not known yet$/);
    assert.strictEqual(field.get("spec", "later").show(), "(not known yet)");
  });
});
