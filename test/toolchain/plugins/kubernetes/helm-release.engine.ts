import * as assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "../../../support/api-server";
import type { ApiServer } from "../../../support/api-server";
import { withWorkspace } from "../../../support/engine";
import { ensureTools } from "../../../../toolchain/build";
import { silent } from "../../../../toolchain/progress";

/** `SLIPWAY_TEST_HELM` names another binary than the one that `up` would build. */
async function findHelm(): Promise<string> {
  const given = process.env.SLIPWAY_TEST_HELM;
  if (given !== undefined) return given;
  return (await ensureTools(["helm"], silent)).path("helm");
}

const CHART = {
  "chart/Chart.yaml": "apiVersion: v2\nname: greeting\nversion: 1.2.3\n",
  "chart/templates/settings.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {text: {{ .Values.text | quote }}}\n",
};

const PROGRAM = `
const k8s = require("@pulumi/kubernetes");
const release = new k8s.helm.v3.Release("greeting", {
  name: "greeting", chart: "./chart", namespace: "default", values: { text: process.env.TEXT ?? "hello" },
});
exports.revision = release.status.revision;
exports.version = release.status.version;
`;

describe("kubernetes plugin: helm.sh/v3:Release", () => {
  let server: ApiServer;
  let helm: string;
  let folder: string;
  let KUBECONFIG: string;
  before(async function () {
    this.timeout(30 * 60_000);
    helm = await findHelm();
    server = await startApiServer();
    folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
    KUBECONFIG = join(folder, "kubeconfig");
    writeFileSync(KUBECONFIG, server.kubeconfig, { mode: 0o600 });
  });
  after(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function text(): Promise<unknown> {
    const gvk = { group: "", version: "v1", kind: "ConfigMap" };
    const settings = await server.cluster.find({ gvk, name: "greeting", namespace: "default" });
    return (settings?.data as { text?: string } | undefined)?.text;
  }

  it("is previewed, applied, upgraded and removed by helm itself", async () => {
    const env = { KUBECONFIG, SLIPWAY_HELM: helm };
    const options = { env, files: CHART };
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        assert.strictEqual(await text(), undefined);

        const up = await workspace.up();
        assert.strictEqual(up.code, 0, up.stdout + up.stderr);
        assert.strictEqual(await text(), "hello");
        assert.deepStrictEqual(await workspace.outputs(), { revision: 1, version: "1.2.3" });
        assert.deepStrictEqual(Object.keys((await workspace.up()).changes), ["same"]);

        await workspace.writeProgram(PROGRAM.replace('"hello"', '"bye"'));
        const upgrade = await workspace.up();
        assert.strictEqual(upgrade.code, 0, upgrade.stdout + upgrade.stderr);
        assert.strictEqual(await text(), "bye");

        const destroy = await workspace.destroy();
        assert.strictEqual(destroy.code, 0, destroy.stdout + destroy.stderr);
        assert.strictEqual(await text(), undefined);
      },
      options,
    );
  });

  it("says in one sentence that helm is missing", async () => {
    const env = { KUBECONFIG, SLIPWAY_HELM: "/nonexistent/helm" };
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const up = await workspace.up();
        const errors = up.diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ message }) => message);
        assert.match(
          errors.join("\n"),
          /A Helm release needs `helm`: put it on PATH, or its path into SLIPWAY_HELM\./,
        );
      },
      { env, files: CHART },
    );
  });
});
