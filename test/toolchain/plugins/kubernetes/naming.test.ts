import * as assert from "node:assert";
import { nameInputs } from "../../../../toolchain/plugins/kubernetes/naming";
import type { CheckRequest } from "../../../../toolchain/plugins/shared/provider";
import { UNKNOWN } from "../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../toolchain/plugins/shared/values";
import { recordingLog } from "./support";

function request(newInputs: Properties, more: Partial<CheckRequest> = {}): CheckRequest {
  return {
    urn: "urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::web",
    type: "kubernetes:core/v1:ConfigMap",
    name: "web",
    newInputs,
    oldInputs: {},
    randomSeed: Buffer.from("seed"),
    signal: new AbortController().signal,
    log: recordingLog(),
    ...more,
  };
}

describe("nameInputs", () => {
  it("keeps the program's name, also one that is not known yet", () => {
    const inputs = { metadata: { name: "mine" } };
    assert.strictEqual(nameInputs(request(inputs)), inputs);
    const unknown = { metadata: { name: UNKNOWN } };
    assert.strictEqual(nameInputs(request(unknown)), unknown);
  });

  it("makes the same name from the same seed", () => {
    const first = nameInputs(request({}));
    assert.deepStrictEqual(first, nameInputs(request({})));
    const { name, annotations } = first.metadata as { name: string; annotations: Properties };
    assert.match(name, /^web-[0-9a-f]{8}$/);
    assert.deepStrictEqual(annotations, { "pulumi.com/autonamed": "true" });
  });

  it("keeps a generated name, but not one that the program used to give", () => {
    const old = { metadata: { name: "web-old", annotations: { "pulumi.com/autonamed": "true" } } };
    assert.strictEqual((nameInputs(request({}, { oldInputs: old })).metadata as Properties).name, "web-old");
    const given = { metadata: { name: "given" } };
    assert.match(
      String((nameInputs(request({}, { oldInputs: given })).metadata as Properties).name),
      /^web-/,
    );
  });

  it("follows the stack's autonaming", () => {
    const proposed = { proposedName: "web-proposed", mode: "enforce" } as const;
    const named = nameInputs(request({}, { autonaming: proposed }));
    assert.strictEqual((named.metadata as Properties).name, "web-proposed");
    assert.throws(
      () => nameInputs(request({}, { autonaming: { proposedName: "", mode: "disable" } })),
      /^Error: Autonaming is disabled, so that `metadata\.name` must be set\.$/,
    );
  });

  it("keeps the program's annotations", () => {
    const named = nameInputs(request({ metadata: { annotations: { a: "1" } } }));
    assert.deepStrictEqual((named.metadata as Properties).annotations, {
      a: "1",
      "pulumi.com/autonamed": "true",
    });
  });
});
