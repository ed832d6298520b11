import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CustomResource } from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type EngineEvent } from "@pulumi/pulumi/automation";
import { ensureTools, type Tools } from "../../../toolchain/build";
import { cacheDir, projectRoot } from "../../../toolchain/paths";
import { catalogue, folderName } from "../../../toolchain/plugins/catalogue";
import { installPlugins } from "../../../toolchain/plugins/install";
import { silent } from "../../../toolchain/progress";

/** Of any type, without the provider's SDK. */
class Declared extends CustomResource {}

describe("policy analyzer under the engine", function () {
  this.timeout(120_000);
  let tools: Tools;
  const folder = mkdtempSync(join(tmpdir(), "slipway-analyzer-"));
  before(async function () {
    tools = await ensureTools(["engine"], silent);
    // An official engine has a language host beside it, which runs policy packs by itself.
    if (tools.officialEngine) this.skip();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A home with all plugins but the language host: programs that run inside their caller do without. */
  async function homeWithoutLanguageHost(): Promise<Record<string, string>> {
    const env = await installPlugins({ home: cacheDir() });
    const home = join(folder, "home");
    for (const name of catalogue()
      .filter(({ kind }) => kind !== "language")
      .map(folderName)) {
      cpSync(join(env.PULUMI_HOME!, "plugins", name), join(home, "plugins", name), { recursive: true });
    }
    return { ...env, PULUMI_HOME: home };
  }

  it("judges the resources of an inline program of the Automation API", async () => {
    const state = join(folder, "state");
    const workDir = join(folder, "inline");
    mkdirSync(state);
    mkdirSync(workDir);
    const stack = await LocalWorkspace.createOrSelectStack(
      {
        projectName: "inline",
        stackName: "dev",
        program: async () => {
          new Declared("kubernetes:core/v1:Service", "open", {
            apiVersion: "v1",
            kind: "Service",
            metadata: { namespace: "team" },
            spec: { externalIPs: ["203.0.113.7"] },
          });
        },
      },
      {
        // The Automation API removes none that it makes itself.
        workDir,
        pulumiCommand: await PulumiCommand.get({
          root: dirname(dirname(tools.path("pulumi"))),
          skipVersionCheck: true,
        }),
        envVars: {
          ...(await homeWithoutLanguageHost()),
          PULUMI_BACKEND_URL: `file://${state}`,
          PULUMI_CONFIG_PASSPHRASE: "a test has no secrets",
          SLIPWAY_OFFLINE: "1",
        },
      },
    );
    const violations: EngineEvent["policyEvent"][] = [];
    const onEvent = ({ policyEvent }: EngineEvent) => policyEvent && void violations.push(policyEvent);
    await assert.rejects(stack.preview({ onEvent, policyPacks: [join(projectRoot, "policies")] }));
    const [first] = violations.filter((violation) => violation?.enforcementLevel === "mandatory");
    assert.equal(first?.policyName, "service-external-ips");
    assert.match(first?.message ?? "", /Service `team\/open-\w+` must not set `externalIPs`/);
  });
});
