import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DRIFT_METRIC, METRIC, QUALITY_METRIC } from "../../../runtime/contract";
import { flagOf } from "../../../runtime/option-table";
import { SERVER_OPTIONS } from "../../../runtime/options";
import { TRITON_METRICS } from "../../../runtime/metrics/triton-metrics";
import { projectRoot } from "../../../toolchain/paths";

describe("docs/observability.md", () => {
  const page = readFileSync(join(projectRoot, "docs/observability.md"), "utf8");

  it("has every one of Triton's names, and no other", () => {
    const named = [...page.matchAll(/`(nv_\w+?)(?:\{reason\})?`/g)].map(([, name]) => name);
    assert.deepEqual(named.sort(), [...TRITON_METRICS].sort());
  });

  it("names metrics and options that exist", () => {
    const metrics = new Set<string>(
      [METRIC, DRIFT_METRIC, QUALITY_METRIC].flatMap((names) => Object.values<string>(names)),
    );
    for (const [, name] of page.matchAll(/(slipway_[a-z_]+?)(?:_bucket)?\b/g)) {
      assert.ok(metrics.has(name!), name);
    }
    const flags = new Set(Object.keys(SERVER_OPTIONS).map(flagOf));
    // Of the server alone: these are options of `pulumi config set` and of `slipway outputs`.
    const others = new Set(["--secret", "--json"]);
    const ofOtherPrograms = /^```sh\n(?:kafka-configs\.sh|aws) [^`]+```$/gm;
    for (const [flag] of page.replace(ofOtherPrograms, "").matchAll(/--[a-z][a-z0-9-]+/g))
      assert.ok(flags.has(flag) || others.has(flag), flag);
  });
});
