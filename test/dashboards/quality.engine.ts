import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { dashboards } from "../../dashboards";
import { findPromtool } from "../support/promtool";
import { expressionsOf, filledIn } from "./support/expressions";

const LABELS = 'namespace="models",service="text",model="ocr",version="4",segment="all"';
const series = (name: string, pod: string, values: string) => ({
  series: `${name}{${LABELS},pod="${pod}"${name === "slipway_quality" ? ',metric="f1"' : ""}}`,
  values,
});

describe("the dashboard of quality", () => {
  it("weighs what a pod says by its samples", async () => {
    const { expr } = expressionsOf(dashboards.drift!()).find(({ panel }) => panel === "Quality by version")!;
    const folder = mkdtempSync(join(tmpdir(), "slipway-promtool-"));
    const file = join(folder, "tests.yaml");
    const test = {
      interval: "1m",
      input_series: [
        series("slipway_quality", "text-1", "0.9x10"),
        series("slipway_quality_samples", "text-1", "990x10"),
        // It has just started, and its first ten answers were wrong.
        series("slipway_quality", "text-2", "0x10"),
        series("slipway_quality_samples", "text-2", "10x10"),
        // Without a metric it has no part in its mean.
        series("slipway_quality_samples", "text-3", "500x10"),
      ],
      promql_expr_test: [
        {
          expr: filledIn(expr, { namespace: "models" }),
          eval_time: "5m",
          exp_samples: [{ labels: '{model="ocr",version="4",metric="f1",segment="all"}', value: 0.891 }],
        },
      ],
    };
    try {
      writeFileSync(file, stringify({ tests: [test] }));
      const said = execFileSync(await findPromtool(), ["test", "rules", file], { encoding: "utf8" });
      assert.match(said, /SUCCESS/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
