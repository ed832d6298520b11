import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { openStack } from "../../cli/engine/workspace";
import type { StepRecord } from "../../cli/engine/events";
import type { Plan } from "../../cli/plan";
import { planSchema } from "../../cli/plan/schema";
import { previewProfile } from "../../cli/preview";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { runCommand, slipway, type CommandResult } from "../support/slipway";
import { ciTemplates, type Template } from "./ci-templates";

const PROFILE = "onprem";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PROVIDER_ID = "11111111-1111-4111-8111-111111111111";

interface StateResource {
  urn: string;
  custom: boolean;
  id?: string;
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  parent?: string;
  provider?: string;
}

/** `A$B` of `urn:pulumi:stack::project::A$B::name`. */
const typesOf = (urn: string) => urn.split("::")[2]!;

/** The state as it would be if the previewed program had been applied; what no preview knows is made up. */
function stateOf(steps: readonly StepRecord[]): StateResource[] {
  const known = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(UNKNOWN, PROVIDER_ID)) as T;
  const resources = [...new Map(steps.map((step) => [step.urn, step])).values()].map(
    (step): StateResource => {
      const { urn, type, provider } = step;
      const inputs = known(step.inputs);
      const custom = provider !== "" || type.startsWith("pulumi:providers:");
      const above = typesOf(urn).split("$").slice(0, -1).join("$");
      const parent = steps.find((candidate) => typesOf(candidate.urn) === above)?.urn;
      return {
        urn,
        type,
        custom,
        ...(custom ? { id: PROVIDER_ID } : {}),
        inputs,
        outputs: inputs,
        ...(parent ? { parent } : {}),
        ...(provider ? { provider: known(provider) } : {}),
      };
    },
  );
  const depth = ({ urn, type }: StateResource) =>
    type === "pulumi:pulumi:Stack"
      ? -2
      : type.startsWith("pulumi:providers:")
        ? -1
        : typesOf(urn).split("$").length;
  return resources.sort((a, b) => depth(a) - depth(b));
}

describe("slipway preview under the engine", function () {
  this.timeout(300_000);

  const root = mkdtempSync(join(tmpdir(), "slipway-preview-"));
  const state = join(root, "state");
  const env: Record<string, string> = { SLIPWAY_STATE_DIR: state, KUBECONFIG: "" };
  const at = (name: string) => join(root, name);
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Applied, but for: an image that was another, and a volume claim that the program has no longer. */
  before(async () => {
    const given = { ...process.env };
    Object.assign(process.env, env);
    try {
      const { steps } = await previewProfile({ profile: PROFILE, offline: true }, silent);
      const resources = stateOf(steps);
      const deployment = resources.find(({ type }) => type === "kubernetes:apps/v1:Deployment")!;
      const text = JSON.stringify(deployment.inputs);
      deployment.inputs = JSON.parse(text.replace(/"image":"[^"]+"/, '"image":"old@sha256:0"')) as never;
      deployment.outputs = deployment.inputs;
      const claim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data", namespace: "slipway" },
      };
      const type = "kubernetes:core/v1:PersistentVolumeClaim";
      const urn = deployment.urn.replace(/kubernetes:apps.*/, `${type}::data`);
      resources.push({ ...deployment, urn, type, inputs: claim, outputs: claim });
      const stack = await openStack({ profile: PROFILE, offline: true });
      const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
      const { deployment: empty } = await stack.exportStack();
      await stack.importStack({ version: 3, deployment: { ...(empty as object), manifest, resources } });
    } finally {
      process.env = given;
    }
  });

  const preview = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    slipway(["preview", PROFILE, "--offline", ...args], { env: { ...env, ...more } });
  const readPlan = (file: string) => planSchema.parse(JSON.parse(readFileSync(file, "utf8")));

  const lost = ({ changes }: Plan) =>
    changes.filter(({ risk }) => risk === "data-loss").map(({ op, name, reason }) => [op, name, reason]);

  describe("of what was applied", () => {
    const settings = join(env.SLIPWAY_STATE_DIR!, "engine", PROFILE, `Pulumi.${PROFILE}.yaml`);
    let ofUpdate: string;
    let first: CommandResult;

    before(async () => {
      ofUpdate = `${readFileSync(settings, "utf8")}# of an update\n`;
      writeFileSync(settings, ofUpdate);
      first = await preview(["--json", at("a.json"), "--markdown", at("a.md")]);
    });

    it("leaves alone the settings that an update may be at work with", () => {
      assert.equal(first.status, 0, first.stderr);
      assert.equal(readFileSync(settings, "utf8"), ofUpdate);
      assert.deepEqual(
        readdirSync(dirname(settings)).filter((name) => name.startsWith("looking-")),
        [],
      );
    });

    it("says what changes, why and at what risk, the same twice, and exits with 0 or, at the risk asked for, with 3", async () => {
      assert.equal(first.status, 0, first.stderr);
      const plan = readPlan(at("a.json"));
      assert.deepEqual(lost(plan), [
        [
          "delete",
          "data",
          "deletes the volume claim; its volume and the data on it go, unless the reclaim policy retains them",
        ],
      ]);
      const text = plan.changes.find(({ name }) => name === "text-deployment")!;
      assert.equal(text.op, "update");
      assert.match(
        text.reason,
        /`spec\.template\.spec\.\w+\[0\]\.image`.* a rolling update replaces its pods, each once/,
      );
      const image = text.properties.find(({ path }) => path.endsWith("image"));
      assert.equal(image?.from, "old@sha256:0");
      assert.deepEqual(
        plan.capacity.map(({ of, resource, before, after }) => [of, resource, before, after]),
        [
          ["pods", "cpu", 4, 4],
          ["pods", "nvidia.com/gpu", 4, 4],
        ],
      );
      assert.match(first.stdout, /^Loses data \(1\)\n {2}- kubernetes:core\/v1:PersistentVolumeClaim data\n/);
      assert.match(first.stdout, /\nonprem: 1 to delete, .*unchanged\n$/);

      const args = ["--json", at("b.json"), "--markdown", at("b.md"), "--fail-on-risk", "data-loss"];
      const second = await preview(args);
      assert.equal(second.status, 3, second.stderr);
      assert.match(second.stderr, /error: 1 change reaches the risk `data-loss` \(`--fail-on-risk`\)\n$/);
      for (const type of ["json", "md"]) {
        assert.equal(readFileSync(at(`b.${type}`), "utf8"), readFileSync(at(`a.${type}`), "utf8"));
      }
    });

    it("compares with the state in PULUMI_BACKEND_URL", async () => {
      const backend = {
        SLIPWAY_STATE_DIR: at("elsewhere"),
        PULUMI_BACKEND_URL: `file://${join(state, "pulumi")}`,
        PULUMI_CONFIG_PASSPHRASE: readFileSync(join(state, "passphrase"), "utf8"),
      };
      const { status, stdout, stderr } = await preview(["--json", "-"], backend);
      assert.equal(status, 0, stderr);
      assert.deepEqual(lost(planSchema.parse(JSON.parse(stdout))), lost(readPlan(at("a.json"))));
      assert.ok(!existsSync(join(backend.SLIPWAY_STATE_DIR, "pulumi")));

      mkdirSync(at("empty"));
      const none = await preview([], { ...backend, PULUMI_BACKEND_URL: `file://${at("empty")}` });
      assert.equal(none.status, 1);
      assert.ok(
        none.stderr.endsWith(
          `error: the backend file://${at("empty")} (PULUMI_BACKEND_URL) has no stack onprem; \`pulumi stack init onprem\` makes it\n`,
        ),
        none.stderr,
      );
    });
  });

  it("refuses to refresh what it cannot reach", async () => {
    const { status, stderr } = await slipway(["preview", PROFILE, "--refresh"], { env });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /error: `--refresh` reads what is on the stack's cluster, and none can be reached; set KUBECONFIG to a file that leads to it\n$/,
    );
  });

  describe("by the templates for CI", () => {
    /** A project that has Slipway installed, with stand-ins for what only a CI system has. */
    function project(name: string): {
      folder: string;
      run(template: Template, step: number, more?: NodeJS.ProcessEnv): Promise<CommandResult>;
    } {
      const folder = at(name);
      const tools = join(folder, "tools");
      mkdirSync(tools, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "1.0.0" }));
      const lock = {
        name: "app",
        version: "1.0.0",
        lockfileVersion: 3,
        packages: { "": { name: "app", version: "1.0.0" } },
      };
      writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
      writeFileSync(join(tools, "gh"), '#!/bin/sh\nfor word; do echo "$word"; done\ntest -s plan.md\n');
      chmodSync(join(tools, "gh"), 0o755);
      const path = `${tools}${delimiter}${process.env.PATH}`;
      return {
        folder,
        run: (template, step, more = {}) =>
          runCommand("bash", ["-euo", "pipefail", "-c", template.steps[step]!.command], {
            cwd: folder,
            env: { ...env, SLIPWAY_STATE_DIR: at(`${name}-state`), PATH: path, ...template.env, ...more },
          }),
      };
    }

    function install(folder: string): void {
      mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
      symlinkSync(join(projectRoot, "cli/bin.js"), join(folder, "node_modules/.bin/slipway"));
    }

    const PLANS = ["plan.json", "plan.md"];
    /** Folders with what a command has written, by the command and its environment: templates that say the same do the same. */
    const previews = new Map<string, string>();
    async function previewed(template: Template, { folder, run }: ReturnType<typeof project>): Promise<void> {
      const same = JSON.stringify([template.steps[1]!.command, Object.entries(template.env).sort()]);
      const former = previews.get(same);
      if (former !== undefined)
        return PLANS.forEach((name) => copyFileSync(join(former, name), join(folder, name)));
      const { status, stderr } = await run(template, 1);
      assert.equal(status, 0, stderr);
      previews.set(same, folder);
    }

    for (const template of ciTemplates()) {
      it(`${template.file}: installs, previews, and tells`, async () => {
        const made = project(template.file);
        const { folder, run } = made;
        const installed = await run(template, 0);
        assert.equal(installed.status, 0, installed.stderr);
        const missing = await run(template, 1);
        assert.notEqual(missing.status, 0, "npx must not fetch what is not installed");
        install(folder);
        await previewed(template, made);
        const { profile, changes, error } = readPlan(join(folder, "plan.json"));
        assert.deepEqual([profile, error], [PROFILE, null]);
        assert.ok(changes.length > 50 && changes.every(({ op }) => op === "create"));
        const markdown = readFileSync(join(folder, "plan.md"), "utf8");
        assert.match(markdown, /^## Preview of `onprem`: \d+ to create\n/);
        if (template.file === "github-actions.yml") {
          const posted = await run(template, 2, { PULL_REQUEST: "7" });
          assert.equal(posted.status, 0, posted.stderr);
          const words = "pr comment 7 --body-file plan.md --edit-last --create-if-none";
          assert.equal(posted.stdout.trim().split("\n").join(" "), words);
        }
        if (template.file === "gitlab-ci.yml") await postsToGitLab(run, template, markdown);
      });
    }

    async function postsToGitLab(
      run: ReturnType<typeof project>["run"],
      template: Template,
      markdown: string,
    ): Promise<void> {
      const requests: { url?: string; token?: unknown; body: string }[] = [];
      const server = createServer((request, response) => {
        let body = "";
        request.setEncoding("utf8").on("data", (text: string) => (body += text));
        request.on("end", () => {
          requests.push({ url: request.url, token: request.headers["private-token"], body });
          response.writeHead(201).end("{}");
        });
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const variables = {
          CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
          CI_PROJECT_ID: "3",
          CI_MERGE_REQUEST_IID: "7",
          GITLAB_COMMENT_TOKEN: "glpat-a-token",
        };
        for (const step of [2, 3]) {
          const { status, stdout, stderr } = await run(template, step, variables);
          assert.equal(status, 0, stderr);
          assert.doesNotMatch(stdout + stderr, /glpat/);
        }
      } finally {
        server.close();
      }
      assert.deepEqual(
        requests.map(({ url, token }) => [url, token]),
        [["/api/v4/projects/3/merge_requests/7/notes", "glpat-a-token"]],
      );
      assert.equal(new URLSearchParams(requests[0]!.body).get("body"), markdown);
    }
  });
});
