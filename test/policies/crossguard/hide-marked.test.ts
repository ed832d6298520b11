import assert from "node:assert";
import { readPropertiesOnce } from "../../../policies/crossguard/read-once";
import { deserialize } from "../../../policies/crossguard/sdk";
import { withoutSecrets } from "../../../policies/model/hidden-secrets";
import { UNKNOWN } from "../../../policies/model/unknown";

describe("hideMarked", () => {
  const module = { deserializeProperties: deserialize.deserializeProperties };
  readPropertiesOnce(module);

  /** Properties as they come from the engine's wire. */
  const read = (properties: Record<string, unknown>) =>
    module.deserializeProperties({ toJavaScript: () => properties }, false);

  const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });

  it("makes secrets unknown, at whatever depth, and leaves all else", () => {
    const props = read({
      values: { auth: { password: secret("x"), user: "app" }, list: [secret({ a: 1 }), 2] },
    });
    assert.deepStrictEqual(withoutSecrets(props), {
      values: { auth: { password: UNKNOWN, user: "app" }, list: [UNKNOWN, 2] },
    });
  });

  it("shows other rules what they are", () => {
    assert.deepStrictEqual(read({ values: secret({ password: "x" }) }), { values: { password: "x" } });
  });

  it("leaves properties that were not read from the wire as they are", () => {
    const props = { values: { password: "x" } };
    assert.strictEqual(withoutSecrets(props), props);
  });
});
