import * as assert from "node:assert";
import { failureReport } from "../../../../toolchain/plugins/kubernetes/failure-report";
import type { KubeObject } from "../../../../toolchain/plugins/kubernetes/object";
import type { Answer, FakeRequest } from "./support";
import { fakeApiServer } from "./support";

const deployment: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "n", uid: "d" },
  spec: {
    selector: {
      matchLabels: { app: "web" },
      matchExpressions: [{ key: "x", operator: "In", values: ["1", "2"] }],
    },
  },
};

const crashing = {
  metadata: { name: "web-1", namespace: "n", uid: "p" },
  status: {
    phase: "Running",
    containerStatuses: [
      {
        name: "main",
        restartCount: 3,
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s" } },
        lastState: { terminated: { reason: "Error", exitCode: 1 } },
      },
    ],
  },
};

function events(...list: [string, string, number][]): Answer {
  return {
    body: { items: list.map(([reason, message, count]) => ({ type: "Warning", reason, message, count })) },
  };
}

async function report(live: KubeObject, answer: (request: FakeRequest) => Answer) {
  const server = await fakeApiServer(answer);
  try {
    const lines = await failureReport(server.cluster, live, new AbortController().signal);
    return { lines, requests: server.requests };
  } finally {
    await server.stop();
  }
}

describe("failureReport", () => {
  it("tells a failing pod's state, events and last log lines", async () => {
    const { lines, requests } = await report(deployment, ({ path, query }) => {
      if (path.endsWith("/log")) return { body: "starting\nno such model\n" };
      if (path.endsWith("/pods")) return { body: { items: [crashing] } };
      return query.get("fieldSelector") === "involvedObject.uid=p"
        ? events(["BackOff", "Back-off restarting", 7])
        : events(["FailedCreate", "quota", 1]);
    });
    assert.deepStrictEqual(lines, [
      'Deployment "n/web", event FailedCreate: quota',
      'Pod "web-1", container "main" waits: CrashLoopBackOff: back-off 40s; before that: Error (exit status 1)',
      "  log: starting",
      "  log: no such model",
      'Pod "web-1", event BackOff (7 times): Back-off restarting',
    ]);
    const log = requests.find(({ path }) => path.endsWith("/log"));
    assert.strictEqual(log?.query.get("previous"), "true");
    const pods = requests.find(({ path }) => path.endsWith("/pods"));
    assert.strictEqual(pods?.query.get("labelSelector"), "app=web,x in (1,2)");
  });

  it("tells the last words of a Job's pod, and its log", async () => {
    const outcome = '{"gate":"right","verdict":"failed","value":0.75}';
    const ended = { reason: "Error", exitCode: 1, message: outcome };
    const job: KubeObject = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "gate", namespace: "n" },
    };
    const pod = {
      metadata: { name: "gate-1", namespace: "n", uid: "p" },
      status: { phase: "Failed", containerStatuses: [{ name: "gate", state: { terminated: ended } }] },
    };
    const { lines, requests } = await report(job, ({ path }) => {
      if (path.endsWith("/log")) return { body: "accuracy is 0.75 on 4 samples, less than 0.9\n" };
      return path.endsWith("/pods") ? { body: { items: [pod] } } : events();
    });
    assert.deepStrictEqual(lines, [
      `Pod "gate-1", container "gate" ended: Error (exit status 1): ${outcome}`,
      "  log: accuracy is 0.75 on 4 samples, less than 0.9",
    ]);
    const pods = requests.find(({ path }) => path.endsWith("/pods"));
    assert.strictEqual(pods?.query.get("labelSelector"), "batch.kubernetes.io/job-name=gate");
  });

  it("says why a pod fits on no node", async () => {
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "gpu", namespace: "n", uid: "p" },
      status: {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes have nvidia.com/gpu" }],
      },
    };
    const { lines } = await report(pod, () => events());
    assert.deepStrictEqual(lines, ['Pod "gpu" is not scheduled: 0/1 nodes have nvidia.com/gpu']);
  });

  it("says that there is no pod at all", async () => {
    const { lines } = await report(deployment, () => ({ body: { items: [] } }));
    assert.deepStrictEqual(lines, ['No pod of Deployment "n/web" exists.']);
  });

  it("never hides the failure that it explains", async () => {
    const { lines } = await report(deployment, () => ({ status: 500, body: { message: "broken" } }));
    assert.deepStrictEqual(lines, ["No details: broken"]);
  });
});
