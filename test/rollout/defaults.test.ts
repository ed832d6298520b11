import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { GATE_DEFAULTS, STRATEGY_DEFAULTS, resolveGate, resolveStrategy } from "../../rollout/defaults";
import { DEFAULT_STEPS } from "../../rollout/steps";

describe("defaults of strategies and gates", () => {
  const source = readFileSync(join(__dirname, "../../rollout/declaration.ts"), "utf8");
  const documented = [...source.matchAll(/@default (.+)\n\s+\*\/\s+readonly (\w+)\?:/g)].map(
    ([, text, field]): [string, unknown] => [field!, parse(text!)],
  );

  it("are those that the declaration's comments tell, and all of them", () => {
    const applied: Record<string, unknown> = {
      ...STRATEGY_DEFAULTS,
      ...GATE_DEFAULTS,
      stepWeights: DEFAULT_STEPS,
    };
    const told = documented.filter(([, value]) => value !== "none");
    for (const [field, value] of told) assert.deepEqual(applied[field], value, field);
    assert.deepEqual([...new Set(told.map(([field]) => field))].sort(), Object.keys(applied).sort());
  });

  it("fill in what is left out, and nothing else", () => {
    assert.deepEqual(
      resolveStrategy({ kind: "canary", weight: 10, increment: 20, maxWeight: 50, interval: 5 }),
      {
        kind: "canary",
        stepWeights: [10, 30, 50],
        interval: 5,
        affinity: false,
        scaleDownDelay: 600,
      },
    );
    assert.deepEqual(resolveStrategy({ kind: "blueGreen", scaleDownDelay: 0 }), {
      kind: "blueGreen",
      scaleDownDelay: 0,
    });
    assert.deepEqual(resolveStrategy({ kind: "shadow" }), {
      kind: "shadow",
      percent: 100,
      samplePercent: 10,
      compare: {},
    });
    assert.deepEqual(resolveStrategy({ kind: "abTest" }), { kind: "abTest", share: 50 });
    assert.deepEqual(resolveGate({ kind: "errorRate", name: "e", maxPercent: 0, every: 5 }), {
      kind: "errorRate",
      name: "e",
      maxPercent: 0,
      initialDelay: 0,
      every: 5,
      failureLimit: 0,
      inconclusiveLimit: 3,
      minimumSamples: 0,
    });
    assert.deepEqual(resolveGate({ kind: "comparison", name: "c", minimumSamples: 50 }), {
      kind: "comparison",
      name: "c",
      maxPercent: 1,
      initialDelay: 0,
      every: 10,
      failureLimit: 0,
      inconclusiveLimit: 3,
      minimumSamples: 50,
    });
    assert.deepEqual(resolveGate({ kind: "approval", name: "a" }), { kind: "approval", name: "a" });
  });
});
