import assert from "node:assert";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { IMAGE, model } from "../components/support/examples";
import { withWorkspace } from "../support/engine";

/** Profile `onprem` as a stack of any name. */
const PROGRAM = `
  require(${JSON.stringify(`${projectRoot}/stacks/loader.js`)});
  module.exports = require(${JSON.stringify(`${projectRoot}/stacks/profiles`)}).runProfile("onprem");
`;

const CONFIG = {
  "slipway:runtimeImage": IMAGE,
  "slipway:host": "models.example.com",
  "slipway:services": [
    {
      name: "text",
      rollout: {
        slots: { blue: { models: [model("ocr", "4")] }, green: { models: [model("ocr", "5")] } },
        strategy: { kind: "canary", affinity: true },
        gates: [
          { kind: "drift", name: "drift", model: "ocr", dataset: "questions" },
          { kind: "prometheus", name: "rate", query: "sum(rate(x[{{window}}]))", max: 5 },
        ],
      },
    },
  ],
  "slipway:traffic": { text: { live: "blue", weights: { blue: 95, green: 5 } } },
};

describe("a rollout under the engine", function () {
  this.timeout(180_000);

  const preview = async (config: Record<string, unknown>) => {
    let run!: Awaited<ReturnType<Parameters<Parameters<typeof withWorkspace>[1]>[0]["preview"]>>;
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        run = await workspace.preview();
      },
      { config, policyPacks: [join(projectRoot, "policies")] },
    );
    return run;
  };

  it("is previewed whole, before there is a record to read, and violates no policy", async () => {
    const run = await preview(CONFIG);
    assert.strictEqual(run.code, 0, run.stdout + run.stderr);
    const made = run.steps.map(({ urn }) => urn.split("::").slice(2).join("::"));
    const below = "slipway:index:ServingStack$slipway:index:Rollout";
    for (const one of [
      `${below}$kubernetes:core/v1:ConfigMap::text-record`,
      `${below}$kubernetes:batch/v1:Job::text-gate-drift`,
      `${below}$slipway:index:InferenceService$kubernetes:apps/v1:Deployment::text-green-deployment`,
      `${below}$slipway:index:ServiceRoute$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute::text-http-shared`,
    ])
      assert.ok(made.includes(one), `${one} among\n${made.join("\n")}`);
  });

  it("is refused with what is wrong, in one sentence each, before anything is made", async () => {
    const run = await preview({
      ...CONFIG,
      "slipway:traffic": { text: { live: "blue", weights: { blue: 95, green: 6 } } },
    });
    assert.notStrictEqual(run.code, 0);
    assert.match(
      run.stdout + run.stderr,
      /`services\[0\]\.rollout\.traffic\.weights`: blue 95 and green 6 must sum to 100, not 101/,
    );
    assert.doesNotMatch(run.stdout + run.stderr, /at .*\.ts:\d+/);
  });
});
