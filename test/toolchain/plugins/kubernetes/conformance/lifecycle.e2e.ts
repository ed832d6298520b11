import * as assert from "node:assert";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { isSecret, isUnknown, Secret, UNKNOWN } from "../../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { nameIn, Scenario } from "./scenario";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";

describe("kubernetes plugin conformance: life of an object", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  describe("create", () => {
    it("gives a name where the program gives none, and says so in an annotation", async () => {
      const made = await scenario.make(CONFIG_MAP, "settings", scenario.configMap(undefined, { a: "1" }));
      const name = nameIn(made.outputs);
      assert.match(name, /^settings-[0-9a-f]{7,8}$/);
      assert.strictEqual(made.id, `${scenario.namespace}/${name}`);
      const live = await scenario.look("v1", "ConfigMap", name);
      assert.deepStrictEqual(live?.data, { a: "1" });
      assert.strictEqual(live?.metadata?.annotations?.["pulumi.com/autonamed"], "true");
    });

    it("keeps a name that the program gives", async () => {
      const made = await scenario.make(CONFIG_MAP, "named", scenario.configMap("named", { a: "1" }));
      assert.strictEqual(made.id, `${scenario.namespace}/named`);
      assert.strictEqual(typeof (made.outputs.metadata as Properties).uid, "string");
    });

    it("owns its fields under a field manager that the state remembers", async () => {
      const made = await scenario.make(CONFIG_MAP, "owned", scenario.configMap("owned", { a: "1" }));
      const live = await scenario.look("v1", "ConfigMap", "owned");
      const managers = (live?.metadata?.managedFields ?? []).map(({ manager, operation }) => [
        manager,
        operation,
      ]);
      assert.deepStrictEqual(managers, [[made.outputs.__fieldManager, "Apply"]]);
      assert.strictEqual(made.outputs.__initialApiVersion, "v1");
    });
  });

  describe("preview", () => {
    it("stores nothing", async () => {
      const planned = await scenario.make(CONFIG_MAP, "planned", scenario.configMap("planned", { a: "1" }), {
        preview: true,
      });
      assert.strictEqual(planned.id, "");
      assert.deepStrictEqual(planned.outputs.data, { a: "1" });
      assert.strictEqual(await scenario.look("v1", "ConfigMap", "planned"), undefined);
    });

    it("fills in the API server's defaults", async () => {
      const inputs = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "defaults", namespace: scenario.namespace },
        spec: { ports: [{ port: 80 }] },
      };
      const planned = await scenario.make(SERVICE, "defaults", inputs, { preview: true });
      assert.strictEqual((planned.outputs.spec as Properties).type, "ClusterIP");
    });

    it("passes unknown values through", async () => {
      const inputs = scenario.configMap("unknown", {});
      const planned = await scenario.make(
        CONFIG_MAP,
        "unknown",
        { ...inputs, data: { a: UNKNOWN } },
        { preview: true },
      );
      assert.ok(isUnknown((planned.outputs.data as Properties).a));
    });
  });

  describe("update", () => {
    it("changes an object in place, and removes what the program drops", async () => {
      const service = (labels: { [key: string]: string }): Properties => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "in-place", namespace: scenario.namespace, labels },
        spec: { ports: [{ port: 80, protocol: "TCP" }] },
      });
      const made = await scenario.make(SERVICE, "in-place", service({ keep: "1", drop: "1" }));
      const { inputs } = await scenario.provider.check(
        SERVICE,
        "in-place",
        service({ keep: "2", add: "1" }),
        made.inputs,
      );
      const diff = await scenario.provider.diff(SERVICE, "in-place", made, inputs);
      assert.deepStrictEqual(diff.replaces, []);
      assert.deepStrictEqual(diff.detailed, {
        "metadata.labels.keep": PropertyDiff.Kind.UPDATE,
        "metadata.labels.drop": PropertyDiff.Kind.DELETE,
        "metadata.labels.add": PropertyDiff.Kind.ADD,
      });
      const uid = (made.outputs.metadata as Properties).uid;
      const updated = await scenario.provider.update(SERVICE, "in-place", made, inputs);
      assert.strictEqual((updated.outputs.metadata as Properties).uid, uid);
      const live = await scenario.look("v1", "Service", "in-place");
      assert.deepStrictEqual(live?.metadata?.labels, { keep: "2", add: "1" });
    });

    it("leaves other managers' fields alone", async () => {
      const made = await scenario.make(SERVICE, "shared", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "shared", namespace: scenario.namespace, labels: { ours: "1" } },
        spec: { ports: [{ port: 80, protocol: "TCP" }] },
      });
      await scenario.meddle({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "shared", namespace: scenario.namespace, labels: { theirs: "1" } },
      });
      const metadata = { ...(made.inputs.metadata as Properties), labels: { ours: "2" } };
      await scenario.provider.update(SERVICE, "shared", made, { ...made.inputs, metadata });
      const live = await scenario.look("v1", "Service", "shared");
      assert.deepStrictEqual(live?.metadata?.labels, { ours: "2", theirs: "1" });
    });

    it("refuses to fight over a field, unless patchForce is set", async () => {
      const inputs = (value: string, annotations: { [key: string]: string } = {}): Properties => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "fought", namespace: scenario.namespace, labels: { field: value }, annotations },
        spec: { ports: [{ port: 80, protocol: "TCP" }] },
      });
      const made = await scenario.make(SERVICE, "fought", inputs("ours"));
      await scenario.meddle({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "fought", namespace: scenario.namespace, labels: { field: "theirs" } },
      });
      await assert.rejects(
        scenario.provider.update(SERVICE, "fought", made, inputs("ours again")),
        /conflict/i,
      );
      const forced = inputs("mine", { "pulumi.com/patchForce": "true" });
      await scenario.provider.update(SERVICE, "fought", made, forced);
      const live = await scenario.look("v1", "Service", "fought");
      assert.strictEqual(live?.metadata?.labels?.field, "mine");
    });
  });

  describe("diff", () => {
    it("finds nothing where nothing changed", async () => {
      const inputs = scenario.configMap("same", { a: "1" });
      const made = await scenario.make(CONFIG_MAP, "same", inputs);
      const { inputs: again } = await scenario.provider.check(CONFIG_MAP, "same", inputs, made.inputs);
      assert.strictEqual((await scenario.provider.diff(CONFIG_MAP, "same", made, again)).changes, false);
    });

    it("keeps a generated name over updates", async () => {
      const made = await scenario.make(CONFIG_MAP, "auto", scenario.configMap(undefined, { a: "1" }));
      const { inputs } = await scenario.provider.check(
        CONFIG_MAP,
        "auto",
        scenario.configMap(undefined, { a: "1" }),
        made.inputs,
      );
      assert.strictEqual(nameIn(inputs), nameIn(made.inputs));
      assert.strictEqual((await scenario.provider.diff(CONFIG_MAP, "auto", made, inputs)).changes, false);
    });
  });

  describe("delete", () => {
    it("removes the object, and succeeds where it is gone already", async () => {
      const made = await scenario.make(CONFIG_MAP, "doomed", scenario.configMap("doomed", { a: "1" }));
      await scenario.provider.delete(CONFIG_MAP, "doomed", made);
      assert.strictEqual(await scenario.look("v1", "ConfigMap", "doomed"), undefined);
      await scenario.provider.delete(CONFIG_MAP, "doomed", made);
    });

    it("waits for finalizers, and fails when its time is up", async () => {
      const inputs = scenario.configMap("held", { a: "1" });
      const held = {
        ...inputs,
        metadata: { ...(inputs.metadata as Properties), finalizers: ["example.com/hold"] },
      };
      const made = await scenario.make(CONFIG_MAP, "held", held);
      await assert.rejects(scenario.provider.delete(CONFIG_MAP, "held", made, 2));
      const live = await scenario.look("v1", "ConfigMap", "held");
      assert.notStrictEqual(live?.metadata?.deletionTimestamp, undefined);
      const metadata = { name: "held", namespace: scenario.namespace, finalizers: [] };
      await scenario.cluster.connection.request(
        "PATCH",
        await scenario.cluster.path({ gvk: { group: "", version: "v1", kind: "ConfigMap" }, ...metadata }),
        {
          contentType: "application/merge-patch+json",
          body: { metadata: { finalizers: null } },
        },
      );
      await scenario.provider.delete(CONFIG_MAP, "held", made);
    });
  });

  describe("secrets", () => {
    it("marks the contents of a Secret, whatever the program says", async () => {
      const inputs = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "plain", namespace: scenario.namespace },
        stringData: { password: "hunter2" },
      };
      const made = await scenario.make(SECRET, "plain", inputs);
      assert.ok(isSecret(made.outputs.data));
      assert.deepStrictEqual((made.outputs.data as Secret).value, { password: "aHVudGVyMg==" });
      const stored = made.outputs.__inputs as Properties;
      assert.ok(isSecret(stored.stringData));
    });

    it("keeps secret inputs secret in the outputs of any kind", async () => {
      const inputs = scenario.configMap("mixed", {});
      const made = await scenario.make(CONFIG_MAP, "mixed", {
        ...inputs,
        data: { open: "1", hidden: new Secret("hunter2") },
      });
      assert.deepStrictEqual(made.outputs.data, { open: "1", hidden: new Secret("hunter2") });
      const live = await scenario.look("v1", "ConfigMap", "mixed");
      assert.deepStrictEqual(live?.data, { open: "1", hidden: "hunter2" });
    });
  });
});
