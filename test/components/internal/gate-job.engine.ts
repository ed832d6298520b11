import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Verdict } from "../../../rollout/outcome";
import { projectRoot } from "../../../toolchain/paths";
import { gvkOf } from "../../../toolchain/plugins/kubernetes/kinds";
import type { KubeObject } from "../../../toolchain/plugins/kubernetes/object";
import { startApiServer, type ApiServer } from "../../support/api-server";
import { withWorkspace } from "../../support/engine";

const JOB = gvkOf("batch/v1", "Job");
const CONFIG_MAP = gvkOf("v1", "ConfigMap");
const NAMESPACE = "models";
const DIGEST = `sha256:${"0".repeat(64)}`;

/** A share of the traffic that depends on a candidate's gates, as routes do. */
const program = (share: number, threshold: number) => `
  require("tsx/cjs");
  const k8s = require("@pulumi/kubernetes");
  const { createGateJobs } = require(${JSON.stringify(join(projectRoot, "components/internal/gate-job-resources"))});
  const namespace = new k8s.core.v1.Namespace("ns", { metadata: { name: "${NAMESPACE}" } }).metadata.name;
  const gates = [
    { kind: "quality", name: "right", model: "ocr", dataset: "labelled", metric: "accuracy", threshold: ${threshold} },
    { kind: "approval", name: "word" },
  ];
  const candidate = {
    rollout: "text", namespace, candidate: "text-green", live: "text-blue", image: "example.com/runtime@${DIGEST}",
    content: "${DIGEST}", liveContent: "blue", isLive: false, authorityPem: "PEM",
  };
  const jobs = ${share} > 0 ? createGateJobs("text", gates, candidate, [], {}) : [];
  new k8s.core.v1.ConfigMap("weights", { metadata: { name: "weights", namespace }, data: { green: "${share}" } }, { dependsOn: jobs });
`;

/** What the Job controller and a kubelet do: runs the pod of every new Job to the end that the test wants next. */
class JobRunner {
  readonly ran: string[] = [];
  private stopped = false;
  private readonly work: Promise<void>;

  constructor(
    private readonly server: ApiServer,
    private readonly verdicts: Verdict[],
  ) {
    this.work = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
  }

  private async run(): Promise<void> {
    const seen = new Set<string>();
    while (!this.stopped) {
      const jobs = await this.server.cluster.list(JOB, NAMESPACE, {}).catch(() => []);
      for (const job of jobs.filter(({ metadata }) => !seen.has(metadata!.uid!))) {
        seen.add(job.metadata!.uid!);
        this.ran.push(job.metadata!.name!);
        await this.end(job, this.verdicts.shift() ?? "passed");
      }
      await sleep(100);
    }
  }

  private async end(job: KubeObject, verdict: Verdict): Promise<void> {
    const { name, uid } = job.metadata!;
    const { template } = job.spec as { template: { spec: object } };
    const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
    const { connection } = this.server.cluster;
    const owner = { apiVersion: "batch/v1", kind: "Job", name, uid };
    const pod = (await connection.request("POST", pods, {
      body: {
        metadata: {
          name: `${name}-${uid!.slice(0, 5)}`,
          labels: { "batch.kubernetes.io/job-name": name },
          ownerReferences: [owner],
        },
        spec: template.spec,
      },
    })) as KubeObject;
    const failed = verdict === "failed";
    const message = JSON.stringify({
      gate: "right",
      verdict,
      value: 0.75,
      reason: "accuracy is 0.75 on 4 samples",
    });
    const terminated = { exitCode: failed ? 1 : 0, reason: failed ? "Error" : "Completed", message };
    const container = { name: "gate", image: "i", imageID: "i", ready: false, restartCount: 0 };
    await connection.request("PUT", `${pods}/${pod.metadata!.name}/status`, {
      body: {
        ...pod,
        status: {
          phase: failed ? "Failed" : "Succeeded",
          containerStatuses: [{ ...container, state: { terminated } }],
        },
      },
    });
    const now = new Date().toISOString().replace(/\.\d+/, "");
    const condition = (type: string, reason: string) => ({
      type,
      status: "True",
      reason,
      message: failed ? "Job has reached the specified backoff limit" : "",
      lastTransitionTime: now,
      lastProbeTime: now,
    });
    const status = failed
      ? {
          failed: 1,
          conditions: [
            condition("FailureTarget", "BackoffLimitExceeded"),
            condition("Failed", "BackoffLimitExceeded"),
          ],
        }
      : {
          succeeded: 1,
          completionTime: now,
          conditions: [
            condition("SuccessCriteriaMet", "CompletionsReached"),
            condition("Complete", "CompletionsReached"),
          ],
        };
    const path = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs/${name}/status`;
    await connection.request("PUT", path, { body: { ...job, status: { startTime: now, ...status } } });
  }
}

describe("gates that run as Jobs, under the engine", function () {
  this.timeout(180_000);
  let server: ApiServer;
  before(async function () {
    this.timeout(30 * 60_000);
    server = await startApiServer();
  });
  after(() => server?.stop());

  it("hold back what depends on them, tell their numbers, and are asked anew until they pass", async () => {
    const share = async () => {
      const weights = await server.cluster.get({ gvk: CONFIG_MAP, name: "weights", namespace: NAMESPACE });
      return (weights as { data?: { green?: string } }).data?.green;
    };
    const runner = new JobRunner(server, ["failed", "passed", "failed"]);
    try {
      await withWorkspace(
        program(0, 0.9),
        async (workspace) => {
          const start = await workspace.up();
          assert.equal(start.code, 0, start.stdout + start.stderr);
          assert.equal(await share(), "0");

          await workspace.writeProgram(program(50, 0.9));
          const failed = await workspace.up();
          assert.notEqual(failed.code, 0);
          const told = failed.diagnostics.map(({ message }) => message).join("\n");
          assert.match(
            told,
            /Job "models\/text-gate-right-[0-9a-f]{10}" failed: the Job failed: Job has reached/,
          );
          assert.match(
            told,
            /container "gate" ended: Error \(exit status 1\): \{"gate":"right","verdict":"failed","value":0\.75/,
          );
          assert.equal(await share(), "0", "traffic moved although its gate failed");

          const again = await workspace.up();
          assert.equal(again.code, 0, again.stdout + again.stderr);
          assert.equal(await share(), "50");
          assert.equal(runner.ran.length, 2);
          assert.equal(runner.ran[0], runner.ran[1]);

          // One that passed is not asked again.
          await workspace.writeProgram(program(100, 0.9));
          assert.equal((await workspace.up()).code, 0);
          assert.equal(await share(), "100");
          assert.equal(runner.ran.length, 2);

          // Another gate is.
          await workspace.writeProgram(program(60, 0.95));
          assert.notEqual((await workspace.up()).code, 0);
          assert.equal(await share(), "100");
          assert.equal(runner.ran.length, 3);
          assert.notEqual(runner.ran[2], runner.ran[1]);
        },
        { env: { KUBECONFIG: server.kubeconfigFile } },
      );
    } finally {
      await runner.stop();
    }
  });
});
