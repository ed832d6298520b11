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

  it("leads to every item and entry where a step says so", () => {
    const owner = new Field({ list: [{ a: 1 }, { a: 2 }], map: { x: { a: 3 }, y: {} }, later: UNKNOWN });
    const found = (...path: string[]) => owner.all(path).map((item) => item.value());
    assert.deepStrictEqual(found("list", "*", "a"), [1, 2]);
    assert.deepStrictEqual(found("map", "*", "a"), [3, undefined]);
    assert.deepStrictEqual(found("nothing", "*", "a"), []);
    assert.deepStrictEqual(owner.all(["list", "*", "a"])[1]?.path, "list[1].a");
    assert.throws(() => owner.all(["later", "*"]), UnknownRead);
  });

  it("stands where an object usually stands around it", () => {
    const spec = new Field({ containers: [1] }, "spec.predictor").within("spec");
    assert.strictEqual(spec.get("spec", "containers").items().length, 1);
    assert.ok(!new Field(undefined).within("spec").get("spec").exists());
    assert.ok(new Field(UNKNOWN).within("spec").get("spec").isUnknown);
  });
});
