import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineRun, withWorkspace, type WorkspaceOptions } from "../support/engine";

const PACK = join(__dirname, "../../policies");

/** A pod that breaks several rules, with a value that is secret. */
const PROGRAM = `
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
new k8s.core.v1.Pod("debug", {
  metadata: { name: "debug", namespace: "team" },
  spec: {
    automountServiceAccountToken: false,
    containers: [{
      name: "shell",
      image: "registry.example/shell:latest",
      env: [{ name: "GREETING", value: pulumi.secret("hello") }],
    }],
  },
});
`;

interface Settings {
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** The stack's configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const folder = mkdtempSync(join(tmpdir(), "slipway-settings-"));

function withSettings(
  settings: Record<string, unknown> | undefined,
  env: NodeJS.ProcessEnv = {},
): WorkspaceOptions {
  const file = join(folder, "policies.json");
  writeFileSync(file, JSON.stringify(settings ?? {}));
  return {
    policyPacks: [PACK],
    env: { SLIPWAY_OFFLINE: "1", SLIPWAY_POLICY_SETTINGS: file, ...env },
  };
}

async function preview({ settings, env, config }: Settings): Promise<EngineRun> {
  let run: EngineRun | undefined;
  await withWorkspace(
    PROGRAM,
    async (workspace) => {
      run = await workspace.preview();
    },
    { ...withSettings(settings, env), ...(config && { config }) },
  );
  assert.ok(run);
  return run;
}

describe("The pack's settings under the engine", function () {
  this.timeout(180_000);
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("choose the rules by a profile of a file", async () => {
    const run = await preview({ settings: { profile: "pod-security-restricted" } });
    const text = run.stdout + run.stderr;
    assert.notStrictEqual(run.code, 0, text);
    assert.match(text, /container-privilege-escalation/);
    assert.doesNotMatch(text, /container-image-digest/);
  });

  it("let the environment name another profile, and rules go over it", async () => {
    const rules = {
      "container-privilege-escalation": "advisory",
      "container-capabilities-dropped": "disabled",
      "pod-run-as-non-root": "advisory",
      "pod-seccomp-profile": "advisory",
    };
    const run = await preview({
      settings: { profile: "strict", rules },
      env: { SLIPWAY_POLICY_PROFILE: "pod-security-restricted" },
    });
    const text = run.stdout + run.stderr;
    assert.strictEqual(run.code, 0, text);
    assert.match(text, /container-privilege-escalation/);
    assert.doesNotMatch(text, /container-capabilities-dropped/);
  });

  it("take the profiles that the stack's configuration names, over the file's", async () => {
    const run = await preview({
      settings: { profile: "strict" },
      config: { "slipway-policies:profile": ["pod-security-restricted"] },
    });
    const text = run.stdout + run.stderr;
    assert.notStrictEqual(run.code, 0, text);
    assert.match(text, /container-privilege-escalation/);
    assert.doesNotMatch(text, /container-image-digest/);
  });

  it("refuse a profile of the stack's configuration that is none, with one sentence", async () => {
    const run = await preview({ config: { "slipway-policies:profile": "gold" } });
    const text = run.stdout + run.stderr;
    assert.notStrictEqual(run.code, 0, text);
    assert.match(
      text,
      /slipway policies: `slipway-policies:profile` \(gold\) is no profile of the pack: there are baseline,/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("are refused with one sentence", async () => {
    const run = await preview({ settings: { profile: "gold" } });
    const text = run.stdout + run.stderr;
    assert.notStrictEqual(run.code, 0, text);
    assert.match(
      text,
      /slipway policies: \S+policies\.json: `profile` \(gold\) is no profile of the pack: there are baseline, strict,/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("mend what they are told to, and keep secrets secret", async () => {
    const rules = {
      "container-privilege-escalation": "remediate",
      "container-capabilities-dropped": "remediate",
      "pod-seccomp-profile": "remediate",
      "pod-run-as-non-root": "advisory",
    };
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        const run = await workspace.preview("--diff", "--show-secrets=false");
        const text = run.stdout + run.stderr;
        assert.strictEqual(run.code, 0, text);
        assert.match(text, /remediate/);
        assert.match(text, /allowPrivilegeEscalation: false/);
        assert.match(text, /RuntimeDefault/);
        assert.doesNotMatch(text, /must set `securityContext\\.allowPrivilegeEscalation/);
        assert.doesNotMatch(text, /"hello"/);
        assert.match(text, /\[secret\]/);
      },
      withSettings({ profile: "pod-security-restricted", rules }),
    );
  });
});
