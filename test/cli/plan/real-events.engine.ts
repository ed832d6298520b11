import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { startApiServer, type ApiServer } from "../../support/api-server";
import { withWorkspace, type Workspace } from "../../support/engine";
import { projectRoot } from "../../../toolchain/paths";
import { planFor } from "./support";

/** What the engine said in the workspace's last run. */
function lastEvents({ folder }: Workspace): EngineEvent[] {
  const logs = readdirSync(folder).filter((file) => /^events-\d+\.jsonl$/.test(file));
  const number = (file: string) => Number(/\d+/.exec(file)![0]);
  const last = logs
    .sort((a, b) => number(a) - number(b))
    .findLast((file) => readFileSync(join(folder, file)).length > 0)!;
  const lines = readFileSync(join(folder, last), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
}

const K8S = 'const k8s = require("@pulumi/kubernetes");';

const program = ({ replicas = 2, level = "info" } = {}) => `${K8S}
const metadata = { namespace: "default", annotations: { "pulumi.com/skipAwait": "true" } };
new k8s.core.v1.ConfigMap("settings", { metadata: { namespace: "default", name: "settings" }, data: { level: "${level}" } });
new k8s.core.v1.Secret("key", { metadata: { namespace: "default" }, stringData: { key: "correct-horse-${level}" } });
new k8s.apps.v1.Deployment("text", {
  metadata: { ...metadata, name: "text" },
  spec: {
    replicas: ${replicas},
    selector: { matchLabels: { app: "text" } },
    template: {
      metadata: { labels: { app: "text" } },
      spec: { containers: [{ name: "server", image: "registry.example/server:1", resources: { requests: { cpu: "500m" } } }] },
    },
  },
});`;

describe("the plan of a real preview", function () {
  this.timeout(180_000);

  let server: ApiServer;
  let folder: string;
  before(async function () {
    // Where this is the first test that wants the cluster's programs, they are built now.
    this.timeout(30 * 60_000);
    server = await startApiServer();
    folder = mkdtempSync(join(tmpdir(), "slipway-plan-"));
    writeFileSync(join(folder, "admin"), server.kubeconfig, { mode: 0o600 });
  });
  after(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({ KUBECONFIG: join(folder, "admin") });

  /** As `kubectl edit` would: a patch under a manager's name of its own. */
  const editByHand = (path: string, body: object) =>
    server.cluster.connection.request("PATCH", path, {
      query: { fieldManager: "kubectl-edit" },
      contentType: "application/merge-patch+json",
      body,
    });

  it("names what changes, why, and what it needs; then what was changed by hand, and by whom", async () => {
    await withWorkspace(
      program(),
      async (workspace) => {
        const up = await workspace.up();
        assert.equal(up.code, 0, up.stdout + up.stderr);
        try {
          await workspace.writeProgram(program({ replicas: 3, level: "debug" }));
          await workspace.preview();
          const plan = planFor(lastEvents(workspace));
          assert.deepEqual(
            plan.changes.map(({ op, name, risk, reason }) => [op, name, risk, reason.split("; ")[0]]),
            [
              ["replace", "settings", "interruption", "replaces the config map: `data.level` changed"],
              ["replace", "key", "access", "replaces the secret: `stringData.key` changed"],
              ["update", "text", "cost", "changes the deployment: `spec.replicas` changed"],
            ],
          );
          assert.doesNotMatch(JSON.stringify(plan), /correct-horse/);
          assert.deepEqual(plan.capacity, [{ of: "pods", resource: "cpu", before: 1, after: 1.5 }]);

          await workspace.writeProgram(program());
          await editByHand("/apis/apps/v1/namespaces/default/deployments/text", { spec: { replicas: 7 } });
          await workspace.preview("--refresh");
          const drifted = planFor(lastEvents(workspace));
          assert.deepEqual(
            drifted.drift.map(({ name, op, properties }) => [name, op, properties]),
            [
              [
                "text",
                "update",
                [{ path: "spec.replicas", kind: "update", from: 2, to: 7, replaces: false }],
              ],
            ],
          );
          assert.match(drifted.drift[0]!.by.join("; "), /^kubectl-edit, \d{4}-/);
          assert.deepEqual(
            drifted.changes.map(({ op, name, properties }) => [
              op,
              name,
              properties.map(({ from, to }) => [from, to]),
            ]),
            [["update", "text", [[7, 2]]]],
          );
        } finally {
          await workspace.destroy();
        }
      },
      { env: env() },
    );
  });

  it("has everything else in it, too, where a mandatory policy is violated", async () => {
    await withWorkspace(
      program(),
      async (workspace) => {
        const run = await workspace.preview();
        assert.notEqual(run.code, 0);
        const { changes } = planFor(lastEvents(workspace));
        const named = changes.filter(({ type }) => type.startsWith("kubernetes:"));
        assert.deepEqual(named.map(({ name }) => name).sort(), ["key", "settings", "text"]);
        const text = named.find(({ name }) => name === "text")!;
        assert.ok(
          text.findings.some(({ policy, mandatory }) => mandatory && policy === "container-image-digest"),
          JSON.stringify(text.findings),
        );
      },
      { env: { SLIPWAY_OFFLINE: "1" }, policyPacks: [join(projectRoot, "policies")] },
    );
  });
});
