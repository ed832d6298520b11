import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { withWorkspace, type EngineRun, type Workspace } from "../support/engine";
import { AWS_PROGRAM, awsConfig } from "./aws-program";
import { inputsOf, type DeclaredInputs } from "./declared-inputs";

const SNAPSHOT = join(__dirname, "snapshots/aws.json");

describe("profile `aws` under the engine", function () {
  this.timeout(180_000);

  const inWorkspace = (use: (workspace: Workspace) => Promise<void>) =>
    withWorkspace(AWS_PROGRAM, use, { config: awsConfig(), policyPacks: [join(projectRoot, "policies")] });

  it("is previewed whole, offline and without an account, and violates no policy", async () => {
    await inWorkspace(async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      assert.ok((preview.changes.create ?? 0) > 150, JSON.stringify(preview.changes));
      const strays = preview.steps.filter(
        ({ urn, type }) => /^(aws|kubernetes):/.test(type) && !urn.includes("slipway:index:"),
      );
      assert.deepStrictEqual(
        strays.map(({ urn }) => urn),
        [],
      );
      assertAsBefore(preview);
    });
  });
});

/** A resource that is gone, or whose name, type or parents are others, would be replaced where it lives. */
function assertAsBefore(preview: EngineRun): void {
  const now = inputsOf(preview);
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(SNAPSHOT, `${JSON.stringify(now, undefined, 1)}\n`);
  const before = JSON.parse(readFileSync(SNAPSHOT, "utf8")) as DeclaredInputs;
  const gone = Object.keys(before).filter((urn) => !(urn in now));
  assert.deepStrictEqual(
    gone,
    [],
    "these are gone: what lives under these names would be replaced, so give the new ones an alias (UPDATE_SNAPSHOTS=1 accepts it)",
  );
  assert.deepStrictEqual(
    now,
    before,
    "inputs differ from test/stacks/snapshots/aws.json (UPDATE_SNAPSHOTS=1 accepts them)",
  );
}
