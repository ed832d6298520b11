import assert from "node:assert";
import { withWorkspace, type EngineRun } from "../support/engine";
import { AWS_PROGRAM, awsConfig } from "./aws-program";
import { recordingClouds, type RecordingClouds } from "./recording";

/** Every resource that a run would touch, with the properties that cause it. */
const changed = ({ steps }: EngineRun) =>
  steps.filter(({ op }) => op !== "same").map(({ op, urn, diffs }) => [op, urn.split("::").at(-1), diffs]);

describe("profile `aws`, once it is made", function () {
  this.timeout(300_000);

  let clouds: RecordingClouds;
  let comparing = false;
  before(async () => {
    clouds = await recordingClouds();
  });
  after(() => clouds.close());

  const pools = (pool: object) => ({ "slipway:gpuPools": [pool] });
  const cases: [string, Record<string, unknown>][] = [
    ["as it is committed", {}],
    [
      "with Karpenter's nodes",
      pools({ name: "shared-l4", instanceTypes: ["g6.xlarge"], provisioner: "karpenter", maxNodes: 4 }),
    ],
  ];
  for (const [what, config] of cases) {
    it(`is not changed by a second preview, ${what}`, async () => {
      const options = { config: { ...awsConfig(), ...config }, env: clouds.env };
      await withWorkspace(
        AWS_PROGRAM,
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          assert.ok((up.changes.create ?? 0) > 150, JSON.stringify(up.changes));
          const second = await workspace.preview();
          assert.strictEqual(second.code, 0, second.stdout + second.stderr);
          assert.deepStrictEqual(changed(second), []);
          assert.strictEqual(second.changes.same, up.changes.create);

          if (comparing) return;
          comparing = true;
          // The stand-ins compare: what is changed is seen, and nothing beside it.
          const set = ["config", "set", "--stack", "dev", "--path"];
          await workspace.pulumi(...set, "slipway:services[1].maxReplicas", "7");
          assert.deepStrictEqual(changed(await workspace.preview()), [
            ["update", "voice-autoscaler", ["spec"]],
          ]);
        },
        options,
      );
    });
  }
});
