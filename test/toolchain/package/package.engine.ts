import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALERT_NAMES } from "../../../components/observability/alerts/rule";
import { layOutRepository, packModels } from "../../../toolchain/models";
import { projectRoot } from "../../../toolchain/paths";
import { silent } from "../../../toolchain/progress";
import { withWorkspace } from "../../support/engine";
import { runCommand } from "../../support/slipway";
import { install, pack } from "./consumer";

/** The programs on the page for teams with a stack of their own: the stack, and a test of resources. */
function documentedPrograms(): [stack: string, test: string] {
  const page = readFileSync(join(projectRoot, "docs/own-stack.md"), "utf8");
  const programs = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program!);
  assert.equal(programs.length, 2);
  return [programs[0]!, programs[1]!];
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const CONFIG = {
  "test:host": "models.example.com",
  "test:image": `registry.example.com/slipway/runtime@${DIGEST}`,
  "test:modelSource": `oci://registry.example.com/models/pp-ocrv4-rec@${DIGEST}`,
  "test:modelSha256": "b".repeat(64),
};

describe("the npm package", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
  const nodeModules = join(folder, "node_modules");
  let files: readonly string[] = [];
  before(async () => {
    const packed = await pack();
    files = packed.files;
    await install(packed.tarball, folder, ["onnxruntime-node", "onnxruntime-common"]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const node = (...args: string[]) => runCommand(process.execPath, args, { cwd: folder });

  it("holds what its users need, and nothing of the project's own workshop", () => {
    for (const path of [
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "PulumiPlugin.yaml",
      "cli/bin.js",
      "components/hosted/main.js",
      "components/hosted/schema.json",
      "dist/components/index.d.ts",
      "dist/components/index.js",
      "dist/policies/testing/index.js",
      "dist/runtime/grpc/proto/inference.proto",
      "dist/runtime/index.js",
      "dist/runtime/models/worker.js",
      "policies/PulumiPolicy.yaml",
      "policies/index.js",
      "policies/preload.js",
      "policies/start/index.js",
      // Alerts lead to them.
      ...ALERT_NAMES.map((name) => `docs/runbooks/${name}.md`),
      "runtime/grpc/proto/inference.proto",
      "toolchain/go/cluster/go.sum",
    ]) {
      assert.ok(files.includes(path), path);
    }
    const workshop =
      /^(test|bench|examples|\.ci|node_modules|dist\/image|toolchain\/package)\/|\.(test|engine|e2e)\./;
    assert.deepEqual(
      files.filter((path) => workshop.test(path)),
      [],
    );
  });

  it("exports the schemas of what is written with it, and of what it writes", async () => {
    const program = ["report-1.0", "report-1.1", "waivers", "model"]
      .map((name) => `console.log(require("@slipway/slipway/schemas/${name}.schema.json").$schema)`)
      .join(";");
    const { stdout, stderr } = await node("-e", program);
    assert.equal(stdout, "https://json-schema.org/draft/2020-12/schema\n".repeat(4), stderr);
  });

  it("gives the program of the documentation its components, under the pack of the package", async () => {
    await withWorkspace(
      'require("tsx/cjs"); module.exports = require("./program.ts");',
      async (workspace) => {
        const preview = await workspace.preview();
        assert.equal(preview.code, 0, preview.stdout + preview.stderr);
        assert.deepEqual(
          preview.violations.filter(({ enforcement }) => enforcement === "mandatory"),
          [],
        );
        const types = preview.steps.map(({ type }) => type);
        for (const type of ["slipway:index:InferenceService", "kubernetes:apps/v1:Deployment"]) {
          assert.ok(types.includes(type), type);
        }
      },
      {
        nodeModules,
        config: CONFIG,
        files: { "program.ts": documentedPrograms()[0] },
        policyPacks: [join(nodeModules, "@slipway/slipway/policies")],
        env: { SLIPWAY_OFFLINE: "1" },
      },
    );
  });

  for (const moduleResolution of ["node10", "node16"]) {
    it(`has types for a project with module resolution ${moduleResolution}`, async () => {
      const uses = [
        'import { createServer } from "@slipway/slipway/runtime";',
        'import { rule, type Rule, runPack } from "@slipway/slipway/policies/testing";',
        'export const server = createServer({ modelRepository: "models" });',
        "export const outcomes = runPack([]);",
        'export const found: Rule = rule("service-node-port");',
        "// @ts-expect-error types are there, not any",
        "createServer({ modelRepository: 1 });",
      ];
      const [stack, test] = documentedPrograms();
      writeFileSync(join(folder, "program.ts"), stack);
      // Without the types of a test runner.
      const runner =
        "declare function describe(name: string, run: () => void): void;\ndeclare const it: typeof describe;\n";
      writeFileSync(join(folder, "test.ts"), `${runner}${test}`);
      writeFileSync(join(folder, "uses.ts"), uses.join("\n"));
      const compilerOptions = {
        target: "es2022",
        module: moduleResolution === "node10" ? "commonjs" : "node16",
        moduleResolution,
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
      };
      const config = join(folder, "tsconfig.json");
      writeFileSync(config, JSON.stringify({ compilerOptions, files: ["program.ts", "test.ts", "uses.ts"] }));
      const { status, stdout } = await node(
        join(projectRoot, "node_modules/typescript/bin/tsc"),
        "-p",
        config,
      );
      assert.equal(status, 0, stdout);
    });
  }

  it("judges resources in a test of its users, and says what it found where they are not as the test has them", async () => {
    const mocha = join(projectRoot, "node_modules/mocha/bin/mocha.js");
    const run = (file: string) => node(mocha, "-r", "tsx/cjs", "--timeout", "20000", file);
    const [, test] = documentedPrograms();
    writeFileSync(join(folder, "test.ts"), test);
    const passed = await run("test.ts");
    assert.equal(passed.status, 0, passed.stdout + passed.stderr);
    assert.match(passed.stdout, /1 passing/);
    writeFileSync(join(folder, "wrong.ts"), test.replace("assertFails(outcomes", "assertPasses(outcomes"));
    const failed = await run("wrong.ts");
    assert.equal(failed.status, 1);
    assert.match(
      failed.stdout,
      /`service-node-port` must pass for .*::debug; found:\s+- fail \(mandatory\) /,
    );
  });

  it("has the server as a library, which starts and serves", async () => {
    const models = join(folder, "models");
    const [model] = await packModels(silent);
    await layOutRepository([model!], models);
    const program = `
      import { createServer } from "@slipway/slipway/runtime";
      const options = { modelRepository: "models", host: "127.0.0.1", httpPort: 0, grpcPort: 0, metricsPort: 0, logLevel: "silent" };
      const server = createServer(options);
      await server.start();
      const url = "http://127.0.0.1:" + server.ports().http;
      while ((await fetch(url + "/v2/health/ready")).status !== 200) await new Promise((r) => setTimeout(r, 50));
      console.log((await (await fetch(url + "/v2/models/${model!.name}")).json()).versions.join());
      await server.drain();
    `;
    const { status, stdout, stderr } = await node("--input-type=module", "-e", program);
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), model!.version);
  });

  it("has a command line that works from where it is installed", async () => {
    const bin = join(nodeModules, "@slipway/slipway/cli/bin.js");
    const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      version: string;
    };
    assert.equal((await node(bin, "--version")).stdout.trim(), version);
    const env = { ...process.env, SLIPWAY_LOG_LEVEL: "info" };
    const args = [bin, "serve", "--model-repository", "models", "--host", "127.0.0.1"];
    const ports = ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0"];
    const server = spawn(process.execPath, [...args, ...ports], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(server.stdout, "data");
    server.kill("SIGTERM");
    assert.deepEqual(await once(server, "exit"), [0, null]);
  });

  it("installs the engine's plugins from where it is installed", async () => {
    const script = `
      require("tsx/cjs");
      const { installPlugins } = require(process.argv[1]);
      installPlugins({ home: process.argv[2] }).then(({ PULUMI_HOME }) => console.log(PULUMI_HOME));
    `;
    const module = join(nodeModules, "@slipway/slipway/toolchain/plugins/install.ts");
    const { status, stdout, stderr } = await node("-e", script, module, join(folder, "cache"));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /pulumi-home-[0-9a-f]{16}/);
  });
});
