import * as assert from "node:assert";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { nameIn, Scenario } from "./scenario";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";
const JOB = "kubernetes:batch/v1:Job";

/** Never waited for: these cases are about what changes, not about pods. */
const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };

describe("kubernetes plugin conformance: replacement", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  function deployment(app: string, image = "example.com/none:1"): Properties {
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "fixed", namespace: scenario.namespace, annotations: SKIP_AWAIT },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers: [{ name: "main", image }] } },
      },
    };
  }

  it("replaces on a changed selector, the old object first because its name is fixed", async () => {
    const made = await scenario.make(DEPLOYMENT, "fixed", deployment("one"));
    const diff = await scenario.provider.diff(DEPLOYMENT, "fixed", made, deployment("two"));
    assert.strictEqual(diff.deleteBeforeReplace, true);
    assert.deepStrictEqual(diff.detailed, {
      "spec.selector.matchLabels.app": PropertyDiff.Kind.UPDATE_REPLACE,
      "spec.template.metadata.labels.app": PropertyDiff.Kind.UPDATE,
    });
    // The preview of the creation happens while the old object is still there.
    const planned = await scenario.provider.create(DEPLOYMENT, "fixed", deployment("two"), { preview: true });
    assert.strictEqual(nameIn(planned.outputs), "fixed");
    await scenario.provider.delete(DEPLOYMENT, "fixed", made);
    const replaced = await scenario.make(DEPLOYMENT, "fixed", deployment("two"));
    assert.notStrictEqual(
      (replaced.outputs.metadata as Properties).uid,
      (made.outputs.metadata as Properties).uid,
    );
  });

  it("updates a changed image in place", async () => {
    const old = { id: `${scenario.namespace}/fixed`, inputs: deployment("two"), outputs: deployment("two") };
    const diff = await scenario.provider.diff(
      DEPLOYMENT,
      "fixed",
      old,
      deployment("two", "example.com/none:2"),
    );
    assert.deepStrictEqual(diff.replaces, []);
    assert.deepStrictEqual(diff.detailed, {
      "spec.template.spec.containers[0].image": PropertyDiff.Kind.UPDATE,
    });
  });

  it("replaces a ConfigMap with a generated name beside the old one", async () => {
    const made = await scenario.make(CONFIG_MAP, "rolling", scenario.configMap(undefined, { a: "1" }));
    const { inputs } = await scenario.provider.check(
      CONFIG_MAP,
      "rolling",
      scenario.configMap(undefined, { a: "2" }),
      made.inputs,
    );
    const diff = await scenario.provider.diff(CONFIG_MAP, "rolling", made, inputs);
    assert.deepStrictEqual(
      diff.replaces,
      ["data.a"].filter((path) => diff.detailed[path] !== undefined),
    );
    assert.strictEqual(diff.detailed["data.a"], PropertyDiff.Kind.UPDATE_REPLACE);
    assert.strictEqual(diff.deleteBeforeReplace, false);
  });

  it("replaces where the name or the namespace changes, without deleting first", async () => {
    const made = await scenario.make(CONFIG_MAP, "moving", scenario.configMap("moving", { a: "1" }));
    const renamed = await scenario.provider.diff(
      CONFIG_MAP,
      "moving",
      made,
      scenario.configMap("moved", { a: "1" }),
    );
    assert.strictEqual(renamed.detailed["metadata.name"], PropertyDiff.Kind.UPDATE_REPLACE);
    assert.strictEqual(renamed.deleteBeforeReplace, false);
    const elsewhere = scenario.configMap("moving", { a: "1" });
    const metadata = { ...(elsewhere.metadata as Properties), namespace: "default" };
    const moved = await scenario.provider.diff(CONFIG_MAP, "moving", made, { ...elsewhere, metadata });
    assert.strictEqual(moved.detailed["metadata.namespace"], PropertyDiff.Kind.UPDATE_REPLACE);
  });

  it("replaces a Service on its cluster IP, a Job on its template", async () => {
    const service = (clusterIP: string): Properties => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "ip", namespace: scenario.namespace },
      spec: { clusterIP, ports: [{ port: 80 }] },
    });
    const old = { id: `${scenario.namespace}/ip`, inputs: service("None"), outputs: service("None") };
    const ip = await scenario.provider.diff(SERVICE, "ip", old, service("10.96.0.77"));
    assert.strictEqual(ip.detailed["spec.clusterIP"], PropertyDiff.Kind.UPDATE_REPLACE);

    const job = (image: string): Properties => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once", namespace: scenario.namespace },
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } } },
    });
    const oldJob = { id: `${scenario.namespace}/once`, inputs: job("a"), outputs: job("a") };
    const template = await scenario.provider.diff(JOB, "once", oldJob, job("b"));
    assert.strictEqual(
      template.detailed["spec.template.spec.containers[0].image"],
      PropertyDiff.Kind.UPDATE_REPLACE,
    );
    assert.strictEqual(template.deleteBeforeReplace, true);
  });
});
