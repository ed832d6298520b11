import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  EXPERIMENT_DEFAULTS,
  GATE_DEFAULTS,
  STRATEGY_DEFAULTS,
  resolveGate,
  resolveStrategy,
} from "../../rollout/defaults";
import { DEFAULT_STEPS } from "../../rollout/steps";

describe("defaults of strategies and gates", () => {
  const source = ["declaration.ts", "experiment/declaration.ts"]
    .map((file) => readFileSync(join(__dirname, "../../rollout", file), "utf8"))
    .join("\n");
  const documented = [...source.matchAll(/@default (.+)\n\s+\*\/\s+readonly (\w+)\?:/g)].map(
    ([, text, field]): [string, unknown] => [field!, parse(text!)],
  );

  it("are those that the declaration's comments tell, and all of them", () => {
    const applied: Record<string, unknown> = {
      ...EXPERIMENT_DEFAULTS,
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
    assert.deepEqual(resolveStrategy({ kind: "abTest" }), {
      kind: "abTest",
      share: 50,
      assignment: "cookie",
    });
    const test = {
      kind: "abTest",
      metric: { kind: "errorRate" },
      baseline: 0.1,
      minimumEffect: 0.01,
    } as const;
    assert.deepEqual(resolveStrategy({ ...test, alpha: 0.01, bandit: { floor: 5 } }), {
      ...test,
      share: 50,
      assignment: "cookie",
      minimumUsers: 300,
      alpha: 0.01,
      power: 0.8,
      futility: true,
      maxDuration: 1_209_600,
      interval: 60,
      harm: [],
      bandit: { floor: 5, rebalance: 600, certainty: 0.95 },
    });
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
    const feedback = { kind: "feedback", name: "f", model: "m", metric: "mae", threshold: 3 } as const;
    assert.deepEqual(resolveGate(feedback), {
      ...feedback,
      segment: "all",
      window: 3600,
      initialDelay: 0,
      every: 10,
      failureLimit: 0,
      inconclusiveLimit: 3,
      minimumSamples: 100,
    });
    assert.deepEqual(resolveGate({ kind: "approval", name: "a" }), { kind: "approval", name: "a" });
  });
});
