import assert from "node:assert";
import { withoutSecrets } from "../../../policies/model/hidden-secrets";
import { runPack, UNKNOWN } from "../../../policies/testing";
import { plainProperties } from "../../../policies/testing/wire-values";

describe("plainProperties", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "tulips9",
  };
  const output = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "tulips9" };
  const wire = { chart: "tool", version: "1.0.0", values: { auth: { password: secret }, list: [secret] } };

  it("shows secrets, and keeps what is read where they are not to be seen", () => {
    const shown = plainProperties(wire);
    const release = { chart: "tool", version: "1.0.0" };
    assert.deepStrictEqual(shown, {
      ...release,
      values: { auth: { password: "tulips9" }, list: ["tulips9"] },
    });
    assert.deepStrictEqual(withoutSecrets(shown), {
      ...release,
      values: { auth: { password: UNKNOWN }, list: [UNKNOWN] },
    });
  });

  it("does so for outputs that are secret", () => {
    const shown = plainProperties({ open: output, hidden: { ...output, secret: true } });
    assert.deepStrictEqual(shown, { open: "tulips9", hidden: "tulips9" });
    assert.deepStrictEqual(withoutSecrets(shown), { open: "tulips9", hidden: UNKNOWN });
  });

  it("lets a rule tell a secret from a literal", async () => {
    const failing = async (props: Record<string, unknown>) =>
      (await runPack([{ type: "kubernetes:helm.sh/v3:Release", props }]))
        .filter(({ state }) => state === "fail")
        .map(({ rule }) => rule);
    const literal = { ...wire, values: { auth: { password: "tulips9" } } };
    assert.ok((await failing(literal)).includes("helm-literal-credentials"));
    assert.ok(!(await failing(plainProperties(wire))).includes("helm-literal-credentials"));
  });
});
