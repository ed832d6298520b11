import * as assert from "node:assert";
import {
  annotateSecrets,
  fieldManagerOf,
  fromOutputs,
  toOutputs,
} from "../../../../toolchain/plugins/kubernetes/checkpoint";
import { Secret } from "../../../../toolchain/plugins/shared/values";

describe("checkpoint", () => {
  it("round-trips, with the keys of the official provider", () => {
    const inputs = { kind: "ConfigMap", data: { a: new Secret("1") } };
    const live = { kind: "ConfigMap", data: { a: "1" }, metadata: { uid: "u" } };
    const outputs = toOutputs({ live, inputs, initialApiVersion: "v1", fieldManager: "m" });
    assert.deepStrictEqual(outputs, {
      kind: "ConfigMap",
      data: { a: new Secret("1") },
      metadata: { uid: "u" },
      __inputs: inputs,
      __initialApiVersion: "v1",
      __fieldManager: "m",
    });
    assert.deepStrictEqual(fromOutputs(outputs), { live, inputs });
  });

  it("spells the schema keys with dashes on the API and underscores in the state", () => {
    const live = { schema: { "x-kubernetes-int-or-string": true } };
    const outputs = toOutputs({ live, inputs: {}, initialApiVersion: "v1", fieldManager: "m" });
    assert.deepStrictEqual(outputs.schema, { x_kubernetes_int_or_string: true });
    assert.deepStrictEqual(fromOutputs(outputs).live, live);
  });

  it("remembers the field manager, unless an annotation names another", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "mine" } } };
    assert.strictEqual(fieldManagerOf({ __fieldManager: "stored" }, {}), "stored");
    assert.strictEqual(fieldManagerOf({ __fieldManager: "stored" }, annotated), "mine");
    assert.match(fieldManagerOf({}, {}), /^pulumi-kubernetes-[0-9a-f]{8}$/);
  });
});

describe("annotateSecrets", () => {
  it("marks lists as a whole, objects member by member", () => {
    const inputs = { env: [{ value: new Secret("1") }], spec: { open: "a", hidden: new Secret("b") } };
    const outputs = { env: [{ value: "1" }], spec: { open: "a", hidden: "b", more: "c" } };
    assert.deepStrictEqual(annotateSecrets(outputs, inputs), {
      env: new Secret([{ value: "1" }]),
      spec: { open: "a", hidden: new Secret("b"), more: "c" },
    });
  });

  it("marks a Secret's contents whatever the inputs say", () => {
    const marked = annotateSecrets(
      { kind: "Secret", data: { a: "MQ==" } },
      { kind: "Secret", data: { a: "MQ==" } },
    );
    assert.deepStrictEqual(marked, { kind: "Secret", data: new Secret({ a: "MQ==" }) });
  });
});
