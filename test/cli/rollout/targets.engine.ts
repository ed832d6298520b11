import assert from "node:assert/strict";
import { rolloutTargets, type StateResource } from "../../../cli/rollout/target-urns";
import { withWorkspace, type Workspace } from "../../support/engine";

/** Two services with their routes, each with a child whose name says what is declared about its traffic. */
const program = (share: string, job: boolean) => `
const pulumi = require("@pulumi/pulumi");
const tls = require("@pulumi/tls");
const component = (type, name, opts) => new pulumi.ComponentResource("slipway:index:" + type, name, {}, opts);
const key = (name, algorithm, parent) => new tls.PrivateKey(name, { algorithm }, { parent });
const stack = component("ServingStack", "slipway");
for (const name of ["text", "voice"]) {
  const rollout = component("Rollout", name, { parent: stack });
  const route = component("ServiceRoute", name, { parent: rollout });
  key(name + "-http-own", ${JSON.stringify(share)}, route);
  if (${job}) key(name + "-gate-quality", "ED25519", rollout);
}
exports.share = ${JSON.stringify(share)};
`;

type Resource = StateResource & { readonly inputs?: { readonly algorithm?: string } };

async function stateOf(workspace: Workspace): Promise<readonly Resource[]> {
  const { checkpoint } = JSON.parse(await workspace.stateText()) as {
    checkpoint: { latest: { resources: Resource[] } };
  };
  return checkpoint.latest.resources;
}

describe("an update of one service's traffic", () => {
  it("changes what is there, makes what is new, updates outputs, and leaves the other service alone", async () => {
    await withWorkspace(program("ED25519", false), async (workspace) => {
      const first = await workspace.up();
      assert.equal(first.code, 0, first.stderr);
      const before = await stateOf(workspace);
      await workspace.writeProgram(program("ECDSA", true));
      const targets = rolloutTargets(before, "text");
      const second = await workspace.up(...targets.flatMap((target) => ["--target", target]));
      assert.equal(second.code, 0, second.stderr + second.stdout);
      const after = await stateOf(workspace);
      const named = (name: string) => after.find(({ urn }) => urn.endsWith(`::${name}`))?.inputs?.algorithm;
      assert.deepEqual(
        ["text-http-own", "text-gate-quality", "voice-http-own", "voice-gate-quality"].map(named),
        ["ECDSA", "ED25519", "ED25519", undefined],
      );
      assert.deepEqual(await workspace.outputs(), { share: "ECDSA" });
    });
  });
});
