import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { METRIC } from "../../../runtime/contract";
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
    const metrics = new Set<string>(Object.values(METRIC));
    for (const [, name] of page.matchAll(/(slipway_[a-z_]+?)(?:_bucket)?\b/g)) {
      assert.ok(metrics.has(name!), name);
    }
    const flags = new Set(Object.keys(SERVER_OPTIONS).map(flagOf));
    for (const [flag] of page.matchAll(/--[a-z][a-z-]+/g)) assert.ok(flags.has(flag), flag);
  });
});
