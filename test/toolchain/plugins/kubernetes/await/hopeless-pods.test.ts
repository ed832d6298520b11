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
