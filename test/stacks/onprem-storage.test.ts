import assert from "node:assert/strict";
import { storageWarnings } from "../../stacks/onprem/storage-warnings";
import { monitoringArgs } from "../../stacks/monitoring-args";
import { retrainingArgs } from "../../stacks/retraining-config";
import { readerOf } from "../../stacks/settings";

const RETRAINING = { target: { kind: "http", url: "https://train.example/hook" } };
const SAMPLES =
  "Samples and silences lie on volumes of the cluster's default StorageClass, and whether that encrypts is not known here: name a class that does (`slipway:monitoringStorageClass`), or do without volumes (`slipway:monitoringStorageSize: none`).";
const NOTES =
  "Notes of what retraining has triggered lie on volumes of the cluster's default StorageClass, and whether that encrypts is not known here: name a class that does (`storageClass` in `slipway:retraining.storage`).";

function warnings(values: Record<string, unknown>): string[] {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const config = readerOf("onprem", Object.fromEntries(texts) as Record<string, string>, () => true);
  return storageWarnings({ monitoring: monitoringArgs(config), retraining: retrainingArgs(config) });
}

describe("volumes of profile onprem", () => {
  const cases: [what: string, values: Record<string, unknown>, warnings: string[]][] = [
    ["as they are without a word", {}, [SAMPLES]],
    ["of Prometheus alone", { alerting: "false" }, [SAMPLES]],
    ["of a class that is named", { monitoringStorageClass: "encrypted" }, []],
    ["that are not there", { monitoringStorageSize: "none" }, []],
    ["of a Prometheus that was there before", { existingPrometheus: { namespace: "monitoring" } }, []],
    [
      "of retraining",
      { monitoringStorageClass: "encrypted", retraining: { ...RETRAINING, storage: { size: "1Gi" } } },
      [NOTES],
    ],
    [
      "of retraining, of a class that is named",
      {
        monitoringStorageClass: "encrypted",
        retraining: { ...RETRAINING, storage: { size: "1Gi", storageClass: "encrypted" } },
      },
      [],
    ],
  ];
  for (const [what, values, expected] of cases) {
    it(`${expected.length > 0 ? "are warned of" : "need no warning"}: ${what}`, () =>
      assert.deepEqual(warnings(values), expected));
  }
});
