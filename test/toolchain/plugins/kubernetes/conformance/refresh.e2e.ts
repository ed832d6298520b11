import * as assert from "node:assert";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { isSecret, unwrap } from "../../../../../toolchain/plugins/shared/values";
import { Scenario } from "./scenario";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";

describe("kubernetes plugin conformance: refresh and import", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  function service(name: string): Properties {
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: scenario.namespace, labels: { app: "a" } },
      spec: { type: "ClusterIP", ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 8080 }] },
    };
  }

  it("changes nothing where nobody did", async () => {
    const made = await scenario.make(SERVICE, "quiet", service("quiet"));
    const seen = await scenario.provider.read(SERVICE, "quiet", made);
    assert.deepStrictEqual(seen?.inputs, made.inputs);
    assert.strictEqual(seen?.id, made.id);
    assert.strictEqual((await scenario.provider.diff(SERVICE, "quiet", seen, made.inputs)).changes, false);
  });

  it("shows what somebody else changed, and the next diff brings it back", async () => {
    const made = await scenario.make(SERVICE, "drifted", service("drifted"));
    await scenario.meddle({
      ...service("drifted"),
      metadata: { name: "drifted", namespace: scenario.namespace, labels: { app: "z" } },
    });
    const seen = await scenario.provider.read(SERVICE, "drifted", made);
    assert.ok(seen);
    assert.deepStrictEqual((seen.inputs.metadata as Properties).labels, { app: "z" });
    const diff = await scenario.provider.diff(SERVICE, "drifted", seen, made.inputs);
    assert.deepStrictEqual(diff.detailed, { "metadata.labels.app": PropertyDiff.Kind.UPDATE });
  });

  it("says that an object is gone", async () => {
    const made = await scenario.make(CONFIG_MAP, "lost", scenario.configMap("lost", { a: "1" }));
    await scenario.cluster.delete(
      { gvk: { group: "", version: "v1", kind: "ConfigMap" }, name: "lost", namespace: scenario.namespace },
      "Background",
    );
    assert.strictEqual(await scenario.provider.read(CONFIG_MAP, "lost", made), undefined);
  });

  it("says that an object is gone whose kind is", async () => {
    const type = "kubernetes:gone.example.com/v1:Widget";
    const inputs = {
      apiVersion: "gone.example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: scenario.namespace },
    };
    const state = { id: `${scenario.namespace}/w`, inputs, outputs: { ...inputs, __inputs: inputs } };
    assert.strictEqual(await scenario.provider.read(type, "w", state), undefined);
    await scenario.provider.delete(type, "w", state);
  });

  it("keeps a Secret's contents secret", async () => {
    const made = await scenario.make(SECRET, "kept", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "kept", namespace: scenario.namespace },
      data: { password: "aHVudGVyMg==" },
    });
    const seen = await scenario.provider.read(SECRET, "kept", made);
    assert.ok(seen && isSecret(seen.outputs.data));
    assert.deepStrictEqual(unwrap(seen.inputs.data), { password: "aHVudGVyMg==" });
  });

  it("imports an object with inputs that the next diff finds unchanged", async () => {
    await scenario.meddle({ ...service("found") } as never);
    const id = `${scenario.namespace}/found`;
    const found = await scenario.provider.read(SERVICE, "found", { id });
    assert.ok(found);
    assert.strictEqual(found.inputs.status, undefined);
    const metadata = found.inputs.metadata as Properties;
    assert.strictEqual(metadata.uid, undefined);
    assert.strictEqual(metadata.managedFields, undefined);
    assert.strictEqual((await scenario.provider.diff(SERVICE, "found", found, found.inputs)).changes, false);
  });
});
