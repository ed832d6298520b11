import assert from "node:assert";
import { readPropertiesOnce } from "../../../policies/crossguard/read-once";

describe("readPropertiesOnce", () => {
  function counting() {
    let reads = 0;
    const module = { deserializeProperties: (properties: object) => ({ ...properties, read: ++reads }) };
    readPropertiesOnce(module);
    return module.deserializeProperties as (properties: object, proxySecrets: boolean) => unknown;
  }

  it("gives every rule the same copy of a resource's properties", () => {
    const read = counting();
    const [one, other] = [{ a: 1 }, { a: 1 }];
    assert.strictEqual(read(one, false), read(one, false));
    assert.deepStrictEqual(read(other, false), { a: 1, read: 2 });
  });

  it("gives a remediation, which changes them, a copy of its own", () => {
    const read = counting();
    const one = { a: 1 };
    assert.notStrictEqual(read(one, true), read(one, true));
    assert.deepStrictEqual(read(one, false), { a: 1, read: 3 });
  });
});
