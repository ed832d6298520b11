import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { complaints, kubeconform } from "../../stacks/schemas/kubeconform";
import { routed } from "./support/rollout";

describe("objects for Flagger", function () {
  this.timeout(180_000);

  it("are what its CRDs say", async () => {
    const [, declared] = await routed({
      driver: "flagger",
      strategy: { kind: "canary", affinity: true, interval: 30 },
      gates: [
        { kind: "errorRate", name: "errors", notWorseThanLiveBy: 1 },
        { kind: "latency", name: "p99", maxSeconds: 0.5 },
        { kind: "approval", name: "owner" },
      ],
      flagger: { approvalUrl: "http://flagger-loadtester.test/gate/check" },
    });
    const objects = ["Canary", "MetricTemplate"].flatMap((kind) => declared.kind(kind));
    assert.equal(objects.length, 4);
    const folder = mkdtempSync(join(tmpdir(), "slipway-flagger-"));
    try {
      objects.forEach(({ inputs }, i) => writeFileSync(join(folder, `${i}.yaml`), stringify(inputs)));
      const verdicts = await kubeconform(folder);
      assert.deepEqual(complaints(verdicts), []);
      assert.equal(verdicts.length, objects.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
