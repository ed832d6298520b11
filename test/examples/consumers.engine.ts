import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { ServingStack, platformOutput, type ExistingPlatform } from "../../components";
import { projectRoot } from "../../toolchain/paths";
import { declare } from "../components/support/declared";
import { stackArgs } from "../components/support/examples";
import { withWorkspace, type EngineRun, type Workspace, type WorkspaceOptions } from "../support/engine";
import { runCommand } from "../support/slipway";
import { install, pack } from "../toolchain/package/consumer";
import { Unavailable, pythonTools, type PythonTools } from "./support/python-host";

const PLATFORM = "organization/slipway/onprem";
const OFFLINE = { SLIPWAY_OFFLINE: "1" };

/** The files of an example, as its reader has them. */
function filesOf(example: string): Record<string, string> {
  const folder = join(projectRoot, "examples", example);
  const names = readdirSync(folder).filter((name) => /\.(ts|json|yaml)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

interface PlannedDeployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: { readonly image: string }[] } };
  };
}

/** The values of a stack's configuration file. */
function configOf(settings: string | undefined): Record<string, unknown> | undefined {
  return settings === undefined ? undefined : (parse(settings) as { config: Record<string, unknown> }).config;
}

function versionOfProject(): string {
  const manifest = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What a platform's stack exports, with its names known. */
async function exportedPlatform(): Promise<ExistingPlatform> {
  let output: pulumi.Output<ExistingPlatform> | undefined;
  await declare(() => (output = platformOutput(new ServingStack("slipway", stackArgs()))));
  const platform = await new Promise<ExistingPlatform>((resolve) => void output!.apply(resolve));
  assert.ok(!(await pulumi.isSecret(output!)), "a reader of stack outputs may read it");
  return platform;
}

/** Makes the platform's stack in the workspace's backend, with these outputs. */
async function makePlatform(workspace: Workspace, outputs: object): Promise<void> {
  const runtime = { name: "nodejs", options: { typescript: false } };
  await workspace.writeFile("platform/Pulumi.yaml", JSON.stringify({ name: "slipway", runtime }));
  await workspace.writeFile("platform/package.json", "{}");
  await workspace.writeFile("platform/index.js", `module.exports = ${JSON.stringify(outputs)};`);
  for (const command of [
    ["stack", "init", "onprem"],
    ["up", "--yes", "--skip-preview", "--stack", "onprem"],
  ]) {
    const { code, stdout, stderr } = await workspace.pulumi(...command, "--cwd", "platform");
    assert.equal(code, 0, stdout + stderr);
  }
}

describe("the examples that consume the package", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "slipway-consumers-"));
  const nodeModules = join(folder, "node_modules");
  const policyPack = join(nodeModules, "@slipway/slipway/policies");
  before(async () => {
    await install((await pack()).tarball, folder, ["typescript", "@types/node"]);
    // Installed under another name as well: to the engine an "@" in a package's path begins its version.
    symlinkSync(join(nodeModules, "@slipway/slipway"), join(nodeModules, "slipway"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const inExample = <T>(
    example: string,
    options: WorkspaceOptions,
    use: (workspace: Workspace) => Promise<T>,
  ): Promise<T> => {
    const { "index.ts": program, "Pulumi.dev.yaml": settings, ...files } = filesOf(example);
    const { config } = (settings === undefined ? {} : parse(settings)) as {
      config?: Record<string, unknown>;
    };
    const all = { ...options, config: options.config ?? config, files, nodeModules, env: OFFLINE };
    return withWorkspace(program!, use, { ...all, project: example, main: "index.ts" });
  };
  const names = (run: EngineRun, type: string) =>
    run.steps.filter((step) => step.type === type).map(({ name }) => name);

  for (const example of ["app-team", "policy-consumer"]) {
    it(`${example} fits the package's types, and asks for versions that exist`, async () => {
      await inExample(example, {}, async (workspace) => {
        const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
        const { status, stdout } = await runCommand(process.execPath, [tsc, "-p", workspace.folder]);
        assert.equal(status, 0, stdout);
      });
      const manifest = JSON.parse(filesOf(example)["package.json"]!) as {
        dependencies: Record<string, string>;
        devDependencies: Record<string, string>;
      };
      const own = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as typeof manifest & {
        version: string;
      };
      const { "@slipway/slipway": slipway, ...others } = {
        ...manifest.dependencies,
        ...manifest.devDependencies,
      };
      assert.equal(slipway, `file:../../slipway-slipway-${own.version}.tgz`);
      for (const [name, version] of Object.entries(others)) {
        assert.equal({ ...own.dependencies, ...own.devDependencies }[name], version, name);
      }
    });
  }

  it("app-team adds a service to the platform's gateway, under the platform's rules", async () => {
    const platform = await exportedPlatform();
    await inExample("app-team", { policyPacks: [policyPack] }, async (workspace) => {
      await makePlatform(workspace, { platform });
      const run = await workspace.preview();
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.deepEqual(
        run.violations.filter(({ enforcement }) => enforcement === "mandatory"),
        [],
      );
      assert.deepEqual(names(run, "slipway:index:InferenceService"), ["moderation"]);
      assert.deepEqual(names(run, "slipway:index:ServiceRoute"), ["moderation"]);
      for (const type of ["ApiGateway", "TokenAuthority", "Monitoring", "ServingStack"]) {
        assert.deepEqual(names(run, `slipway:index:${type}`), [], `${type} is the platform's`);
      }
      const planned = (name: string) => run.steps.find((step) => step.name === name)!.outputs;
      const route = planned("moderation-http-shared") as { spec: Record<string, unknown> };
      assert.deepEqual(route.spec.parentRefs, [
        { group: "gateway.networking.k8s.io", kind: "Gateway", name: "slipway", namespace: "slipway" },
      ]);
      assert.deepEqual(route.spec.hostnames, ["localhost"]);
      const auth = JSON.stringify(planned("moderation-http-auth"));
      assert.ok(
        auth.includes(JSON.stringify(platform.gateway.tokens.jwks)),
        "the platform's keys check tokens",
      );
      const flows = planned("moderation-flows") as { spec: { ingress: { from: unknown[] }[] } };
      assert.deepEqual(
        flows.spec.ingress.map(({ from }) => from),
        [[peerOf(platform.gateway.proxies)], platform.scrapers.map(peerOf)],
      );
    });
  });

  it("app-team says which stack lacks what it needs", async () => {
    await inExample("app-team", {}, async (workspace) => {
      await makePlatform(workspace, { endpoint: "https://models.example.com" });
      const run = await workspace.preview();
      assert.notEqual(run.code, 0);
      const [error, ...more] = run.diagnostics.filter(({ severity }) => severity === "error");
      assert.deepEqual(more, []);
      assert.equal(
        error?.message.trim(),
        `Stack "${PLATFORM}" has no output \`platform\`: name a stack of the platform's own program, after its first ` +
          "`up`, or have the stack export `platform = platformOutput(stack)`.",
      );
    });
  });

  it("python-service adds the same service, with a package that is generated from the plugin's schema", async function () {
    let tools: PythonTools;
    try {
      tools = await pythonTools();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`      no Python here: ${error.message}`);
      return this.skip();
    }
    const platform = await exportedPlatform();
    const main = readFileSync(join(projectRoot, "examples/python-service/__main__.py"), "utf8");
    const options: WorkspaceOptions = {
      nodeModules,
      env: OFFLINE,
      project: "python-service",
      config: configOf(filesOf("python-service")["Pulumi.dev.yaml"]),
      files: { "Pulumi.yaml": filesOf("python-service")["Pulumi.yaml"]!, "__main__.py": main },
    };
    await withWorkspace(
      "",
      async (workspace) => {
        await makePlatform(workspace, { platform });
        const told = await workspace.pulumi("package", "get-schema", "./node_modules/slipway");
        assert.equal(told.code, 0, told.stderr);
        const schema = JSON.parse(told.stdout) as { version: string };
        assert.equal(schema.version, versionOfProject());
        const sdk = join(workspace.folder, "sdk");
        await tools.generate(schema, sdk);
        const { status, stdout, stderr } = await runCommand(
          tools.python,
          [join(__dirname, "support/preview.py"), workspace.folder, "dev"],
          {
            cwd: workspace.folder,
            env: {
              ...workspace.env,
              PYTHONPATH: sdk,
              PATH: `${dirname(workspace.engine)}:${process.env.PATH}`,
            },
          },
        );
        assert.equal(status, 0, stderr);
        const steps = JSON.parse(stdout) as { type: string; urn: string; inputs: Record<string, unknown> }[];
        const service = steps.filter(({ type }) => type === "slipway:index:InferenceService");
        assert.equal(service.length, 2, "what the program sees, and what it is made of");
        const planned = (type: string, name: string) =>
          steps.find((step) => step.type === `kubernetes:${type}` && step.urn.endsWith(`::${name}`))?.inputs;
        const { spec } = planned(
          "apps/v1:Deployment",
          "moderation-deployment",
        ) as unknown as PlannedDeployment;
        assert.equal(spec.template.spec.containers[0]!.image, platform.runtimeImage);
        const scaler = planned("autoscaling/v2:HorizontalPodAutoscaler", "moderation-autoscaler") as {
          spec: { minReplicas: number; maxReplicas: number };
        };
        assert.deepEqual([scaler.spec.minReplicas, scaler.spec.maxReplicas], [2, 4]);
        const route = planned("gateway.networking.k8s.io/v1:HTTPRoute", "moderation-http-own") as {
          spec: { hostnames: string[] };
        };
        assert.deepEqual(route.spec.hostnames, ["moderation.localhost"]);
      },
      options,
    );
  });

  it("policy-consumer's program is found out by the pack, exactly as its README says", async () => {
    await inExample("policy-consumer", { policyPacks: [policyPack] }, async (workspace) => {
      const run = await workspace.preview();
      assert.notEqual(run.code, 0, "a mandatory violation stops the preview");
      const found = run.violations.map(({ policy, enforcement, urn }) => {
        return `${policy} ${enforcement} ${urn?.split("::").pop()}`;
      });
      const readme = readFileSync(join(projectRoot, "examples/policy-consumer/README.md"), "utf8");
      const told = [...readme.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (\w+) \|/gm)].map((row) =>
        row.slice(1, 4).join(" "),
      );
      assert.deepEqual([...new Set(found)].sort(), told.sort());
      const types = new Set(run.steps.map(({ type }) => type));
      assert.ok(![...types].some((type) => type.startsWith("slipway:")), "no component of ours is needed");
    });
  });
});

function peerOf({ namespace, podLabels }: { namespace: string; podLabels: object }): object {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: podLabels },
  };
}
