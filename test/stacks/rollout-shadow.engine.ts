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

const rollout = (strategy: object) => ({
  "slipway:runtimeImage": IMAGE,
  "slipway:host": "models.example.com",
  "slipway:services": [
    {
      name: "text",
      rollout: {
        slots: { blue: { models: [model("ocr", "4")] }, green: { models: [model("ocr", "5")] } },
        strategy: { kind: "shadow", ...strategy },
        gates: [{ kind: "comparison", name: "answers", maxPercent: 2, minimumSamples: 100 }],
      },
    },
  ],
  "slipway:traffic": { text: { live: "blue", weights: { blue: 100, green: 0 }, mirror: 50 } },
});

describe("a rollout with a shadow under the engine", function () {
  this.timeout(180_000);

  const preview = async (strategy: object) => {
    let run!: Awaited<ReturnType<Parameters<Parameters<typeof withWorkspace>[1]>[0]["preview"]>>;
    await withWorkspace(
      PROGRAM,
      async (workspace) => {
        run = await workspace.preview();
      },
      { config: rollout(strategy), policyPacks: [join(projectRoot, "policies")] },
    );
    return run;
  };

  it("is previewed with its comparator, which violates no policy but those that ask for two pods", async () => {
    const run = await preview({ percent: 50, compare: { outputs: { y: { absolute: 0.01 } } } });
    assert.strictEqual(run.code, 0, run.stdout + run.stderr);
    const made = run.steps.map(({ urn }) => urn.split("::").slice(2).join("::"));
    const below = "slipway:index:ServingStack$slipway:index:Rollout";
    for (const one of [
      `${below}$kubernetes:apps/v1:Deployment::text-comparator-deployment`,
      `${below}$kubernetes:core/v1:Secret::text-comparator-keys`,
      `${below}$kubernetes:networking.k8s.io/v1:NetworkPolicy::text-comparator-flows`,
    ])
      assert.ok(made.includes(one), `${one} among\n${made.join("\n")}`);
    // Of an authority that is still to be made, nothing can be judged.
    const violated = run.violations
      .filter(({ urn, message }) => urn?.includes("comparator") && !message.includes("is not known yet"))
      .map(({ policy }) => policy);
    // A second pod would see half of the pairs, also while it takes over; what it writes to its node nothing limits.
    assert.deepEqual(violated.sort(), [
      "container-ephemeral-storage-limit",
      "deployment-minimum-replica-count",
      "deployment-update-strategy",
    ]);
  });

  it("is refused with what is wrong in its rules", async () => {
    const run = await preview({ samplePercent: 200, compare: { outputs: { y: { absolut: 1 } } } });
    assert.notStrictEqual(run.code, 0);
    const told = run.stdout + run.stderr;
    assert.match(
      told,
      /`services\[0\]\.rollout\.strategy\.samplePercent`: 200 must be more than 0 and at most 100/,
    );
    assert.match(
      told,
      /`services\[0\]\.rollout\.strategy\.compare\.outputs\.y\.absolut`: does not exist; there are absolute, relative, nanEqual, topK/,
    );
  });
});
