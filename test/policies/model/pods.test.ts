import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import { accountNameOf } from "../../../policies/model/pods";
import { UNKNOWN, UnknownRead } from "../../../policies/model/unknown";

describe("accountNameOf", () => {
  const cases: readonly [name: string, spec: Record<string, unknown>, account: string][] = [
    ["its name", { serviceAccountName: "text" }, "text"],
    ["its name before the deprecated field", { serviceAccountName: "text", serviceAccount: "old" }, "text"],
    ["the deprecated field", { serviceAccount: "old" }, "old"],
    ["the deprecated field beside an empty name", { serviceAccountName: "", serviceAccount: "old" }, "old"],
    ["the namespace's own where none is named", { serviceAccountName: "", serviceAccount: "" }, "default"],
    ["the namespace's own beside a wrong type", { serviceAccountName: 7 }, "default"],
  ];
  for (const [name, spec, account] of cases) {
    it(`is ${name}`, () => assert.strictEqual(accountNameOf(new Field(spec)), account));
  }

  it("cannot say of a name that is not known", () => {
    assert.throws(() => accountNameOf(new Field({ serviceAccountName: UNKNOWN })), UnknownRead);
  });
});
