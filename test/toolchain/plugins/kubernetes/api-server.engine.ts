import * as assert from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "../../../support/api-server";
import type { ApiServer } from "../../../support/api-server";
import { withWorkspace } from "../../../support/engine";
import type { EngineRun, Workspace } from "../../../support/engine";

const K8S = 'const k8s = require("@pulumi/kubernetes"); const pulumi = require("@pulumi/pulumi");';

/** A namespace, what lives in it, and a kind of its own with one object. */
const STACK = `${K8S}
const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: "engine" } });
const metadata = { namespace: ns.metadata.name };
const settings = new k8s.core.v1.ConfigMap("settings", { metadata, data: { level: process.env.LEVEL ?? "info" } });
const secret = new k8s.core.v1.Secret("secret", { metadata, stringData: { password: "correct-horse" } });
const service = new k8s.core.v1.Service("service", {
  metadata: { name: "service", ...metadata },
  spec: { ports: [{ port: 80, targetPort: 8080 }] },
});
const crd = new k8s.apiextensions.v1.CustomResourceDefinition("widgets", {
  metadata: { name: "widgets.engine.example.com" },
  spec: {
    group: "engine.example.com", scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", required: ["size"], properties: {
        size: { type: "integer" }, port: { x_kubernetes_int_or_string: true },
      } } },
    } } }],
  },
});
new k8s.apiextensions.CustomResource("widget", {
  // In the foreground it would wait for the garbage collector to notice the new kind: half a minute.
  metadata: { ...metadata, annotations: { "pulumi.com/deletionPropagationPolicy": "background" } },
  apiVersion: "engine.example.com/v1", kind: "Widget", spec: JSON.parse(process.env.WIDGET ?? '{"size":3,"port":"http"}'),
}, { dependsOn: crd });
exports.name = settings.metadata.name;
exports.ip = service.spec.clusterIP;
exports.password = secret.stringData.password;
`;

function errors(run: EngineRun): string {
  return run.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message)
    .join("\n");
}

function warnings(run: EngineRun): string[] {
  return run.diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
}

describe("kubernetes plugin under the engine", () => {
  let server: ApiServer;
  let folder: string;
  before(async function () {
    // Where this is the first test that wants the cluster's programs, they are built now.
    this.timeout(30 * 60_000);
    server = await startApiServer();
    folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
    writeFileSync(join(folder, "admin"), server.kubeconfig, { mode: 0o600 });
    writeFileSync(join(folder, "stranger"), server.strangerKubeconfig, { mode: 0o600 });
  });
  after(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  function run(
    program: string,
    use: (workspace: Workspace) => Promise<void>,
    env: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    return withWorkspace(program, use, { env: { KUBECONFIG: join(folder, "admin"), ...env } });
  }

  it("previews, deploys, finds nothing to change, refreshes and destroys", async () => {
    await run(STACK, async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      assert.strictEqual(preview.changes.create, 7);
      assert.deepStrictEqual(warnings(preview), []);

      const up = await workspace.up();
      assert.strictEqual(up.code, 0, up.stdout + up.stderr);
      const { name, ip, password } = await workspace.outputs();
      assert.match(String(name), /^settings-[0-9a-f]{8}$/);
      assert.match(String(ip), /^10\.96\./);
      assert.strictEqual(password, "correct-horse");
      const state = await workspace.stateText();
      assert.ok(!state.includes("correct-horse"), "the password is in the state in plain text");
      assert.ok(!state.includes(Buffer.from("correct-horse").toString("base64")));

      const again = await workspace.up();
      assert.deepStrictEqual(again.changes, { same: 7 }, again.stdout);
      const refresh = await workspace.refresh();
      assert.deepStrictEqual(refresh.changes, { same: 7 }, refresh.stdout);
      const afterwards = await workspace.preview();
      assert.deepStrictEqual(afterwards.changes, { same: 7 }, afterwards.stdout);

      const destroy = await workspace.destroy();
      assert.strictEqual(destroy.code, 0, destroy.stdout + destroy.stderr);
    });
  });

  it("fails the preview on what the API server refuses", async () => {
    const program = `${K8S}
      new k8s.core.v1.Service("s", { metadata: { name: "s" }, spec: { ports: [{ port: 80, protocol: "XYZ" }] } });`;
    await run(program, async (workspace) => {
      const preview = await workspace.preview();
      assert.notStrictEqual(preview.code, 0);
      assert.match(
        errors(preview),
        /The API server refuses Service "default\/s": .*spec\.ports\[0\]\.protocol/s,
      );
    });
  });

  it("checks an object against a definition that the same preview contains", async () => {
    const bad = { WIDGET: JSON.stringify({ size: "three", colour: "red" }) };
    await run(
      STACK,
      async (workspace) => {
        const preview = await workspace.preview();
        assert.notStrictEqual(preview.code, 0);
        assert.match(errors(preview), /spec\.size: Expected integer, got string\./);
        assert.match(errors(preview), /spec\.colour: Unknown field\./);
      },
      bad,
    );
  });

  it("checks what cannot be dry-run against the server's schema", async () => {
    const program = `${K8S}
      const first = new k8s.core.v1.ConfigMap("first", { data: {} });
      new k8s.core.v1.Service("s", {
        metadata: { name: "s", annotations: { uid: first.metadata.uid } },
        spec: { ports: [{ port: 80, prot: 1 }] },
      });`;
    await run(program, async (workspace) => {
      const preview = await workspace.preview();
      assert.notStrictEqual(preview.code, 0);
      assert.match(errors(preview), /spec\.ports\[0\]\.prot: Unknown field\./);
    });
  });

  it("refuses a namespace that nobody makes", async () => {
    const program = `${K8S} new k8s.core.v1.ConfigMap("c", { metadata: { namespace: "nowhere" }, data: {} });`;
    await run(program, async (workspace) => {
      const preview = await workspace.preview();
      assert.match(errors(preview), /namespaces "nowhere" not found/);
    });
  });

  it("shows a replacement, and the single property that causes it", async () => {
    const program = `${K8S} new k8s.core.v1.ConfigMap("c", { data: { level: process.env.LEVEL ?? "info" } });`;
    await run(program, async (workspace) => {
      assert.strictEqual((await workspace.up()).code, 0);
      await workspace.writeProgram(program.replace('"info"', '"debug"'));
      const preview = await workspace.preview();
      const [step] = preview.steps.filter(({ op }) => op === "create-replacement" || op === "replace");
      assert.deepStrictEqual(Object.keys(step?.detailedDiff ?? {}), ["data.level"]);
      const up = await workspace.up();
      assert.strictEqual(up.code, 0, up.stdout);
      assert.strictEqual((await workspace.destroy()).code, 0);
    });
  });

  it("previews without a cluster, and says so once", async () => {
    await run(
      STACK,
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        const told = preview.diagnostics.filter(({ message }) => message.includes("client-side"));
        assert.strictEqual(told.length, 1);
        assert.match(told[0]?.message ?? "", /SLIPWAY_OFFLINE is set/);
      },
      { SLIPWAY_OFFLINE: "1" },
    );
  });

  it("takes no longer than it must where the cluster does not answer", async () => {
    const dead = server.kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
    writeFileSync(join(folder, "dead"), dead, { mode: 0o600 });
    await run(
      STACK,
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        assert.match(warnings(preview).join("\n"), /cannot be reached/);
      },
      { KUBECONFIG: join(folder, "dead") },
    );
  });

  it("goes on without the server's word where the user may not write", async () => {
    const program = `${K8S} new k8s.core.v1.ConfigMap("c", { metadata: { name: "c" }, data: {} });`;
    await run(
      program,
      async (workspace) => {
        const preview = await workspace.preview();
        assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
        assert.match(warnings(preview).join("\n"), /not checked against the cluster.*cannot patch resource/s);
      },
      { KUBECONFIG: join(folder, "stranger") },
    );
  });

  it("reads manifests through the SDK's ConfigGroup", async () => {
    const yaml = [
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {a: '1'}",
      "# nothing here",
      "apiVersion: v1\nkind: Service\nmetadata: {name: from-yaml}\nspec: {ports: [{port: 80}]}",
    ].join("\n---\n");
    const program = `${K8S} new k8s.yaml.ConfigGroup("g", { yaml: ${JSON.stringify(yaml)} });`;
    await run(program, async (workspace) => {
      const up = await workspace.up();
      assert.strictEqual(up.code, 0, up.stdout + up.stderr);
      assert.strictEqual(up.steps.filter(({ type }) => /:(ConfigMap|Service)$/.test(type)).length, 2);
      assert.deepStrictEqual(Object.keys((await workspace.up()).changes), ["same"]);
      assert.strictEqual((await workspace.destroy()).code, 0);
    });
  });

  it("renders YAML instead of applying where the provider is told to", async () => {
    const directory = join(folder, "rendered");
    const program = `${K8S}
      const provider = new k8s.Provider("p", { renderYamlToDirectory: ${JSON.stringify(directory)} });
      new k8s.core.v1.ConfigMap("c", { metadata: { name: "c" }, data: { a: "1" } }, { provider });`;
    await run(program, async (workspace) => {
      const up = await workspace.up();
      assert.strictEqual(up.code, 0, up.stdout + up.stderr);
      const text = readFileSync(join(directory, "1-manifest", "v1-configmap-default-c.yaml"), "utf8");
      assert.match(text, /^data:\n {2}a: "1"$/m);
    });
  });
});
