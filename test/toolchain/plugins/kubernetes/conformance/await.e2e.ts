import * as assert from "node:assert";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { InitFailure } from "./wire-provider";
import { idleImage, Scenario } from "./scenario";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const JOB = "kubernetes:batch/v1:Job";
const POD = "kubernetes:core/v1:Pod";
const SERVICE = "kubernetes:core/v1:Service";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const NAMESPACE = "kubernetes:core/v1:Namespace";

/** No node has a registry there: the pull is refused at once. */
const MISSING_IMAGE = "127.0.0.1:1/none:1";

describe("kubernetes plugin conformance: waiting", () => {
  let scenario: Scenario;
  let image: string;
  before(async () => {
    scenario = await Scenario.start();
    image = await idleImage(scenario.cluster);
  });
  after(() => scenario?.stop());

  function podSpec(from: string, more: Properties = {}): Properties {
    return {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", image: from, imagePullPolicy: "IfNotPresent", ...more }],
    };
  }

  function workload(kind: string, name: string, spec: Properties, annotations: Properties = {}): Properties {
    const labels = { app: name };
    return {
      apiVersion: "apps/v1",
      kind,
      metadata: { name, namespace: scenario.namespace, annotations },
      spec: {
        selector: { matchLabels: labels },
        ...(kind === "StatefulSet" ? { serviceName: name } : {}),
        template: { metadata: { labels }, spec },
      },
    };
  }

  it("returns a Deployment that is rolled out, and a Service with a pod behind it", async () => {
    const made = await scenario.make(DEPLOYMENT, "web", workload("Deployment", "web", podSpec(image)));
    const status = made.outputs.status as Properties;
    assert.strictEqual(status.availableReplicas, 1);
    const service = await scenario.make(SERVICE, "web", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: scenario.namespace },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    });
    assert.strictEqual(typeof (service.outputs.spec as Properties).clusterIP, "string");
    const slices = await scenario.cluster.list(
      { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" },
      scenario.namespace,
      { labelSelector: "kubernetes.io/service-name=web" },
    );
    assert.strictEqual((slices[0]?.endpoints as unknown[]).length, 1);
  });

  it("keeps a Deployment that does not become ready, and says why", async () => {
    const inputs = workload("Deployment", "stuck", podSpec(MISSING_IMAGE));
    const failure = await scenario.make(DEPLOYMENT, "stuck", inputs, { timeoutSeconds: 12 }).then(
      () => assert.fail("it became ready"),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof InitFailure, String(failure));
    assert.strictEqual(failure.id, `${scenario.namespace}/stuck`);
    assert.strictEqual((failure.outputs.metadata as Properties).name, "stuck");
    assert.match(failure.reasons.join("\n"), /127\.0\.0\.1:1|ImagePullBackOff|ErrImagePull/);

    // The next update mends it: the state has the object.
    const old = { id: failure.id, inputs, outputs: failure.outputs };
    const mended = workload("Deployment", "stuck", podSpec(image));
    const updated = await scenario.provider.update(DEPLOYMENT, "stuck", old, mended);
    assert.strictEqual((updated.outputs.status as Properties).availableReplicas, 1);
  });

  it("reports an object that is not ready on refresh", async () => {
    const inputs = workload("Deployment", "unready", podSpec(MISSING_IMAGE), {
      "pulumi.com/skipAwait": "true",
    });
    const made = await scenario.make(DEPLOYMENT, "unready", inputs);
    const waited = workload("Deployment", "unready", podSpec(MISSING_IMAGE));
    await assert.rejects(
      scenario.provider.read(DEPLOYMENT, "unready", { ...made, inputs: waited }),
      InitFailure,
    );
  });

  it("waits for nothing with skipAwait", async () => {
    const inputs = workload("Deployment", "skipped", podSpec(MISSING_IMAGE), {
      "pulumi.com/skipAwait": "true",
    });
    await scenario.make(DEPLOYMENT, "skipped", inputs, { timeoutSeconds: 5 });
  });

  it("takes the time limit from the annotation", async () => {
    const inputs = workload("Deployment", "annotated", podSpec(MISSING_IMAGE), {
      "pulumi.com/timeoutSeconds": "2",
    });
    const started = Date.now();
    await assert.rejects(scenario.make(DEPLOYMENT, "annotated", inputs), InitFailure);
    assert.ok(Date.now() - started < 20_000);
  });

  it("returns a StatefulSet whose pods are ready", async () => {
    const made = await scenario.make(STATEFUL_SET, "set", workload("StatefulSet", "set", podSpec(image)));
    assert.strictEqual((made.outputs.status as Properties).readyReplicas, 1);
  });

  it("fails at once where a Job has failed", async () => {
    const inputs = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "failing", namespace: scenario.namespace },
      spec: {
        backoffLimit: 0,
        template: { spec: { restartPolicy: "Never", ...podSpec(image, { command: ["/no-such-program"] }) } },
      },
    };
    const started = Date.now();
    const failure = scenario.make(JOB, "failing", inputs, { timeoutSeconds: 120 });
    await assert.rejects(failure, (error: unknown) => {
      assert.ok(error instanceof InitFailure, String(error));
      assert.match(error.reasons.join("\n"), /no-such-program|StartError|BackoffLimitExceeded/i);
      return true;
    });
    assert.ok(Date.now() - started < 60_000);
  });

  it("returns a Pod that is ready, and waits for its end when deleting", async () => {
    const inputs = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "lone", namespace: scenario.namespace },
      spec: podSpec(image),
    };
    const made = await scenario.make(POD, "lone", inputs);
    assert.strictEqual((made.outputs.status as Properties).phase, "Running");
    await scenario.provider.delete(POD, "lone", made);
    assert.strictEqual(await scenario.look("v1", "Pod", "lone"), undefined);
  });

  it("waits for the conditions of waitFor", async () => {
    const inputs = workload("Deployment", "picky", podSpec(image), {
      "pulumi.com/waitFor": '["jsonpath={.status.readyReplicas}=1", "condition=Available"]',
    });
    const made = await scenario.make(DEPLOYMENT, "picky", inputs);
    assert.strictEqual((made.outputs.status as Properties).readyReplicas, 1);
    const impossible = workload("Deployment", "picky2", podSpec(image), {
      "pulumi.com/waitFor": "jsonpath={.status.readyReplicas}=7",
    });
    await assert.rejects(scenario.make(DEPLOYMENT, "picky2", impossible, { timeoutSeconds: 3 }), InitFailure);
  });

  it("deletes a namespace with everything inside", async () => {
    const name = `${scenario.namespace}-inner`;
    const made = await scenario.make(NAMESPACE, "inner", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
    const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "inside", namespace: name } };
    await scenario.make("kubernetes:core/v1:ConfigMap", "inside", settings);
    await scenario.provider.delete(NAMESPACE, "inner", made);
    assert.strictEqual(await scenario.look("v1", "Namespace", name), undefined);
  });

  it("gives a wait up when the engine cancels, and keeps what it made", async () => {
    const other = await Scenario.start();
    try {
      const inputs = workload("Deployment", "cancelled", podSpec(MISSING_IMAGE));
      const metadata = { ...(inputs.metadata as Properties), namespace: other.namespace };
      const making = other.make(DEPLOYMENT, "cancelled", { ...inputs, metadata });
      const outcome = assert.rejects(making, InitFailure);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await other.provider.cancel();
      await outcome;
    } finally {
      await other.stop();
    }
  });
});
