import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { complaints, kubeconform } from "../../stacks/schemas/kubeconform";
import { startApiServer, type ApiServer } from "../../support/api-server";
import { arbitraryPart, arbitraryWatch, declareParts } from "./declared-parts";
import { declarePools } from "./declared-pools";
import { arbitraryStack, declareStacks } from "./declared-stack";
import { installCrds, refusals, type Given } from "./dry-run";
import { withOddValue } from "./odd-values";

/** The examples of the usual seed are the same in every run; another one is for looking at others, and looks at more of them. */
const isLooking = process.env.SLIPWAY_TEST_SEED !== undefined;
const SAMPLES = isLooking ? 60 : 36;
/** Most of them are refused by the components. */
const ODD_SAMPLES = isLooking ? 150 : 70;

describe("whatever is valid for gateway, service, route, rollout, queue worker, edge site, monitoring and GPU node pool", function () {
  this.timeout(300_000);
  let given: readonly Given[];
  before(async () => {
    const { objects } = await declareStacks(fc.sample(arbitraryStack, SAMPLES));
    assert.ok(objects.length > SAMPLES * 20, `${objects.length} objects`);
    const pools = await declarePools();
    assert.ok(pools.some(({ object }) => object.kind === "EC2NodeClass"));
    const parts = await declareParts([
      ...fc.sample(arbitraryPart, SAMPLES / 2),
      ...fc.sample(arbitraryWatch, SAMPLES / 4),
    ]);
    for (const kind of [
      "ScaledObject",
      "TriggerAuthentication",
      "Job",
      "PersistentVolumeClaim",
      "HTTPRoute",
      "Alertmanager",
    ])
      assert.ok(
        parts.objects.some(({ object }) => object.kind === kind),
        kind,
      );
    given = [...objects, ...pools, ...parts.objects];
  });

  it("becomes objects that kubeconform accepts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-properties-"));
    try {
      given.forEach(({ object }, i) => writeFileSync(join(folder, `${i}.json`), JSON.stringify(object)));
      const verdicts = await kubeconform(folder);
      assert.equal(verdicts.length, given.length);
      const told = verdicts.filter(({ status }) => status !== "statusValid").slice(0, 3);
      const asked = told.map(({ filename }) => given[Number(/(\d+)\.json$/.exec(filename)![1])]!.asked);
      assert.deepEqual(complaints(told), [], `asked for ${asked.join("\n")}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe("on a real API server with the CRDs", () => {
    let server: ApiServer;
    before(async () => {
      server = await startApiServer();
    });
    after(() => server?.stop());

    async function assertAccepted(objects: readonly Given[]): Promise<void> {
      // Which kinds there are is a matter of chance.
      await installCrds(server.cluster, objects);
      const refused = await refusals(server.cluster, objects);
      const told = refused
        .slice(0, 3)
        .map(({ role, asked, reason }) => `${role}: ${reason}\n  asked for ${asked}`);
      assert.equal(refused.length, 0, `${refused.length} of ${objects.length} refused:\n${told.join("\n")}`);
    }

    it("becomes objects that its dry run accepts", () => assertAccepted(given));

    it("is what is left where components have refused odd values", async () => {
      const { objects, refused } = await declareStacks(
        fc.sample(withOddValue(arbitraryStack), ODD_SAMPLES),
        true,
      );
      assert.ok(refused.length > ODD_SAMPLES / 4, `${refused.length} refused`);
      const odd = [
        ...fc.sample(withOddValue(arbitraryPart), ODD_SAMPLES / 2),
        ...fc.sample(withOddValue(arbitraryWatch), ODD_SAMPLES / 4),
      ];
      const parts = await declareParts(odd, true);
      assert.ok(parts.refused.length > ODD_SAMPLES / 8, `${parts.refused.length} refused`);
      await assertAccepted([...objects, ...parts.objects]);
    });
  });
});
