import * as assert from "node:assert";
import { readinessOf } from "../../../../../toolchain/plugins/kubernetes/await";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import { fakeApiServer } from "../support";

const REVISION = "deployment.kubernetes.io/revision";

const live: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "voice", namespace: "n", uid: "d", generation: 2, annotations: { [REVISION]: "2" } },
  spec: { replicas: 1, selector: { matchLabels: { app: "voice" } } },
  status: { observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 1 },
};

const replicaSet = (hash: string, revision: string) => ({
  metadata: {
    name: `voice-${hash}`,
    annotations: { [REVISION]: revision },
    labels: { "pod-template-hash": hash },
    ownerReferences: [{ uid: "d", kind: "Deployment", name: "voice" }],
  },
});

const pod = (hash: string, status: object) => ({
  metadata: { name: `voice-${hash}-1`, labels: { "pod-template-hash": hash } },
  status,
});

const crashed = (restartCount: number, exitCode = 1) => ({
  name: "server",
  ready: false,
  restartCount,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode } },
});
const noImage = {
  name: "server",
  ready: false,
  restartCount: 0,
  state: { waiting: { reason: "ImagePullBackOff" } },
};

async function verdictOf(pods: object[], elapsedMs: number) {
  const server = await fakeApiServer(({ path }) => ({
    body: { items: path.endsWith("/pods") ? pods : [replicaSet("old", "1"), replicaSet("new", "2")] },
  }));
  try {
    const context = { cluster: server.cluster, signal: new AbortController().signal, elapsedMs };
    return await readinessOf(live)!(live, context);
  } finally {
    await server.stop();
  }
}

describe("a Deployment whose new pods do not start", () => {
  for (const [title, pods, seconds, state, message] of [
    [
      "fails once a container has crashed three times",
      [pod("new", { containerStatuses: [crashed(3)] })],
      60,
      "failed",
      'container "server" of Pod "voice-new-1" keeps ending with an error (3 restarts)',
    ],
    [
      "fails for an init container too",
      [pod("new", { initContainerStatuses: [{ ...crashed(4), name: "pull" }] })],
      60,
      "failed",
      'container "pull" of Pod "voice-new-1" keeps ending with an error (4 restarts)',
    ],
    [
      "fails for an image that is nowhere",
      [pod("new", { containerStatuses: [noImage] })],
      100,
      "failed",
      'container "server" of Pod "voice-new-1" cannot get its image',
    ],
    [
      "waits for a registry that may come back",
      [pod("new", { containerStatuses: [noImage] })],
      60,
      "waiting",
      "1 old replicas still to end",
    ],
    [
      "waits while it has crashed twice only",
      [pod("new", { containerStatuses: [crashed(2)] })],
      60,
      "waiting",
      "1 old replicas still to end",
    ],
    [
      "waits in the first seconds, whatever happens",
      [pod("new", { containerStatuses: [crashed(9)] })],
      10,
      "waiting",
      "1 old replicas still to end",
    ],
    [
      "does not look at pods of an older template",
      [pod("old", { containerStatuses: [crashed(9)] })],
      60,
      "waiting",
      "1 old replicas still to end",
    ],
  ] as const) {
    it(title, async () => {
      const verdict = await verdictOf([...pods], seconds * 1000);
      assert.deepStrictEqual([verdict.state, verdict.message], [state, message]);
    });
  }
});

describe("a Job whose pod cannot start", () => {
  const job: KubeObject = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "gate", namespace: "n" } };
  const look = async (pods: object[], elapsedMs: number, live = job) => {
    const server = await fakeApiServer(() => ({ body: { items: pods } }));
    try {
      const context = { cluster: server.cluster, signal: new AbortController().signal, elapsedMs };
      return { verdict: await readinessOf(live)!(live, context), requests: server.requests };
    } finally {
      await server.stop();
    }
  };
  const imageless = { metadata: { name: "gate-1" }, status: { containerStatuses: [noImage] } };

  it("fails for an image that is nowhere", async () => {
    const { verdict, requests } = await look([imageless], 100_000);
    assert.deepStrictEqual(verdict, {
      state: "failed",
      message: 'container "server" of Pod "gate-1" cannot get its image',
    });
    assert.strictEqual(requests[0]?.query.get("labelSelector"), "batch.kubernetes.io/job-name=gate");
  });

  it("waits for a registry that may come back, without looking at pods", async () => {
    const { verdict, requests } = await look([imageless], 60_000);
    assert.deepStrictEqual([verdict.state, requests.length], ["waiting", 0]);
  });

  it("waits for a pod that runs", async () => {
    const running = { name: "gate", ready: true, restartCount: 0, state: { running: {} } };
    const pods = [{ metadata: { name: "gate-1" }, status: { containerStatuses: [running] } }];
    assert.strictEqual((await look(pods, 100_000)).verdict.state, "waiting");
  });
});

describe("a custom resource whose pods do not start", () => {
  const alertmanager = (selector?: string): KubeObject => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Alertmanager",
    metadata: { name: "a", namespace: "n", annotations: { "pulumi.com/waitFor": "condition=Available" } },
    status: { conditions: [{ type: "Available", status: "False", reason: "NoPodReady" }], selector },
  });
  const look = async (madeSecondsAgo: number, elapsedMs: number, selector?: string) => {
    const creationTimestamp = new Date(Date.now() - madeSecondsAgo * 1000).toISOString();
    const status = { containerStatuses: [crashed(3)] };
    const pods = [{ metadata: { name: "alertmanager-a-0", creationTimestamp }, status }];
    const server = await fakeApiServer(() => ({ body: { items: pods } }));
    try {
      const live = alertmanager(selector);
      const context = { cluster: server.cluster, signal: new AbortController().signal, elapsedMs };
      const { state, message } = await readinessOf(live)!(live, context);
      return { state, message, asked: server.requests.map(({ query }) => query.get("labelSelector")) };
    } finally {
      await server.stop();
    }
  };
  const unavailable = { state: "waiting", message: "Available is False (NoPodReady)" };

  it("fails with the reason of a pod that was made since", async () => {
    assert.deepStrictEqual(await look(50, 60_000, "alertmanager=a"), {
      state: "failed",
      message: 'container "server" of Pod "alertmanager-a-0" keeps ending with an error (3 restarts)',
      asked: ["alertmanager=a"],
    });
  });

  it("waits for the controller to replace a pod that crashed before", async () => {
    assert.deepStrictEqual(await look(600, 60_000, "alertmanager=a"), {
      ...unavailable,
      asked: ["alertmanager=a"],
    });
  });

  it("waits in the first seconds, and where the controller does not tell its pods", async () => {
    assert.deepStrictEqual(await look(5, 10_000, "alertmanager=a"), { ...unavailable, asked: [] });
    assert.deepStrictEqual(await look(50, 60_000), { ...unavailable, asked: [] });
  });

  it("only looks at the resource itself when it is refreshed", async () => {
    assert.deepStrictEqual(await look(50, Infinity, "alertmanager=a"), { ...unavailable, asked: [] });
  });
});
