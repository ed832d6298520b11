import assert from "node:assert";
import type { Slot, Strategy } from "../../rollout/declaration";
import { judgedSlot, strategyProblems, trafficProblems } from "../../rollout/strategy-checks";
import { allTo, initialState, type TrafficState } from "../../rollout/traffic-state";

const told = (problems: readonly { propertyPath: string; reason: string }[]) =>
  problems.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);

describe("strategyProblems", () => {
  const right: Strategy[] = [
    { kind: "blueGreen" },
    { kind: "blueGreen", scaleDownDelay: 0 },
    { kind: "canary" },
    { kind: "canary", stepWeights: [1, 50, 100] },
    { kind: "canary", weight: 5, increment: 5, maxWeight: 5 },
    { kind: "canary", match: { header: "X-Tester", value: "1" } },
    { kind: "shadow", percent: 1 },
    {
      kind: "shadow",
      samplePercent: 0.5,
      compare: { outputs: { y: { absolute: 0.1 } }, others: { topK: 3 } },
    },
    { kind: "abTest", share: 99 },
  ];
  for (const strategy of right) {
    it(`accepts ${JSON.stringify(strategy)}`, () => assert.deepEqual(strategyProblems(strategy), []));
  }

  const wrong: [Record<string, unknown>, string[]][] = [
    [{ kind: "recreate" }, ['`strategy.kind`: "recreate" must be one of blueGreen, canary, shadow, abTest']],
    [
      { kind: "blueGreen", scaleDownDelay: -1 },
      ["`strategy.scaleDownDelay`: -1 must be whole seconds from 0 to 86400"],
    ],
    [
      { kind: "canary", stepWeights: [5, 5, 101] },
      [
        "`strategy.stepWeights[1]`: 5 must be more than the step before it (5)",
        "`strategy.stepWeights[2]`: 101 must be a whole number from 1 to 100",
      ],
    ],
    [
      {
        kind: "shadow",
        percent: 0,
        samplePercent: 0,
        compare: { outputs: { y: { absolute: -1 } }, other: {} },
      },
      [
        "`strategy.percent`: 0 must be a whole number from 1 to 100",
        "`strategy.samplePercent`: 0 must be more than 0 and at most 100",
        "`strategy.compare.other`: does not exist; there are outputs, others",
        "`strategy.compare.outputs.y.absolute`: -1 must be a number >= 0",
      ],
    ],
    [{ kind: "shadow", compare: 5 }, ["`strategy.compare`: must be a map with `outputs`, `others` or both"]],
    [{ kind: "canary", stepWeights: [] }, ["`strategy.stepWeights`: must have at least one step"]],
    [
      { kind: "canary", stepWeights: [5], increment: 5, weight: 1 },
      ["`strategy.stepWeights`: cannot be given beside `weight`, `increment`: take one of the two"],
    ],
    [{ kind: "canary", weight: 5 }, ["`strategy`: needs `increment` and `maxWeight` beside `weight`"]],
    [
      { kind: "canary", weight: 50, increment: 0, maxWeight: 20, interval: 0 },
      [
        "`strategy.interval`: 0 must be whole seconds from 1 to 86400",
        "`strategy.increment`: 0 must be a whole number from 1 to 100",
        "`strategy.weight`: 50 must be at most `maxWeight` (20)",
      ],
    ],
    [
      { kind: "canary", match: { header: "Slipway-Slot", value: "" } },
      [
        '`strategy.match.header`: "Slipway-Slot" means something else already; take a header of its own',
        "`strategy.match.value`: must be a text of 1 to 4096 characters",
      ],
    ],
    [
      { kind: "canary", match: { header: "x-beta", value: `${"v".repeat(4000)} ` } },
      [
        `\`strategy.match.value\`: "${"v".repeat(4000)} " must be printable ASCII, with single blanks and none at its ends`,
      ],
    ],
    [
      { kind: "canary", match: { header: "no header", value: "1" } },
      ['`strategy.match.header`: "no header" must be the name of a header'],
    ],
    [{ kind: "shadow", percent: 0 }, ["`strategy.percent`: 0 must be a whole number from 1 to 100"]],
    [{ kind: "abTest", share: 100 }, ["`strategy.share`: 100 must be a whole number from 1 to 99"]],
  ];
  for (const [strategy, expected] of wrong) {
    it(`refuses ${JSON.stringify(strategy)}`, () => {
      assert.deepEqual(told(strategyProblems(strategy as unknown as Strategy)), expected);
    });
  }
});

describe("trafficProblems", () => {
  const BOTH = ["blue", "green"] as const;
  const state = (change: object): TrafficState => ({ ...initialState("blue"), ...change });
  const problems = (
    change: object,
    strategy: Strategy = { kind: "canary" },
    filled: readonly Slot[] = BOTH,
  ) => told(trafficProblems(state(change), { strategy, filled }));

  it("accepts every state of a rollout", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({}, { kind: "canary" }, ["blue"]), []);
    assert.deepEqual(problems({ weights: { blue: 95, green: 5 } }), []);
    assert.deepEqual(problems({ live: "green", weights: allTo("green"), standby: "cold" }), []);
    assert.deepEqual(problems({ mirror: 20 }, { kind: "shadow" }), []);
    // The moment of a switch at once, before the other slot is called live.
    assert.deepEqual(problems({ weights: allTo("green") }, { kind: "blueGreen" }), []);
  });

  const wrong: [string, object, Strategy | undefined, readonly Slot[], string[]][] = [
    [
      "weights that do not sum",
      { weights: { blue: 60, green: 30 } },
      undefined,
      BOTH,
      ["`traffic.weights`: blue 60 and green 30 must sum to 100, not 90"],
    ],
    [
      "weights that are no whole percentages",
      { weights: { blue: 100.5, green: -0.5 } },
      undefined,
      BOTH,
      [
        "`traffic.weights.blue`: 100.5 must be a whole number from 0 to 100",
        "`traffic.weights.green`: -0.5 must be a whole number from 0 to 100",
      ],
    ],
    [
      "a share of what is not there",
      { weights: { blue: 90, green: 10 } },
      undefined,
      ["blue"],
      ["`traffic.weights.green`: 10 percent cannot go to a slot that is not filled"],
    ],
    [
      "a live slot that is not there",
      { live: "green", weights: allTo("blue") },
      undefined,
      ["blue"],
      ['`traffic.live`: "green" is not filled; there is blue'],
    ],
    [
      "a live slot that cannot be",
      { live: "red" },
      undefined,
      BOTH,
      ['`traffic.live`: "red" must be one of blue, green'],
    ],
    [
      "a candidate that cannot be",
      { candidate: "red" },
      undefined,
      BOTH,
      ['`traffic.candidate`: "red" must be one of blue, green, none'],
    ],
    [
      "copies without a shadow",
      { mirror: 20 },
      { kind: "canary" },
      BOTH,
      ["`traffic.mirror`: 20 needs strategy `shadow`, and this is `canary`"],
    ],
    [
      "copies for nobody",
      { mirror: 101 },
      { kind: "shadow" },
      ["blue"],
      ["`traffic.mirror`: 101 must be a whole number from 0 to 100"],
    ],
    [
      "copies for a slot that is not there",
      { mirror: 10 },
      { kind: "shadow" },
      ["blue"],
      ["`traffic.mirror`: 10 percent cannot be copied to green, which is not filled"],
    ],
    [
      "a shadow that answers",
      { weights: { blue: 90, green: 10 } },
      { kind: "shadow" },
      BOTH,
      ["`traffic.weights.green`: 10 must be 0: with `shadow` the other slot only sees copies"],
    ],
    [
      "halves of what moves all at once",
      { weights: { blue: 50, green: 50 } },
      { kind: "blueGreen" },
      BOTH,
      ["`traffic.weights`: blue 50 and green 50 must be 100 and 0: `blueGreen` moves all at once"],
    ],
    [
      "pods taken from a slot with traffic",
      { weights: { blue: 90, green: 10 }, standby: "cold" },
      undefined,
      BOTH,
      ['`traffic.standby`: "cold" takes the pods of green, which has 10 percent of the traffic'],
    ],
    [
      "pods taken from a shadow",
      { mirror: 10, standby: "cold" },
      { kind: "shadow" },
      BOTH,
      ['`traffic.standby`: "cold" takes the pods of green, which sees copies of requests'],
    ],
    [
      "a standby that is neither",
      { standby: "lukewarm" },
      undefined,
      BOTH,
      ['`traffic.standby`: "lukewarm" must be one of warm, cold'],
    ],
  ];
  for (const [what, change, strategy, filled, expected] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(change, strategy, filled), expected));
  }
});

describe("judgedSlot", () => {
  const cases: [string, Partial<TrafficState>, Slot, Slot | undefined][] = [
    ["nobody before anything was switched", {}, "blue", undefined],
    ["who has a share", { weights: { blue: 95, green: 5 } }, "blue", "green"],
    ["who sees copies", { mirror: 10 }, "blue", "green"],
    ["who went live", { live: "green", weights: allTo("green") }, "blue", "green"],
    ["who is named, before it has a share", { candidate: "green" }, "blue", "green"],
    ["who is named, once it is live again", { candidate: "blue" }, "blue", "blue"],
    [
      "who has a share, whoever is named",
      { weights: { blue: 95, green: 5 }, candidate: "blue" },
      "blue",
      "green",
    ],
  ];
  for (const [what, change, first, expected] of cases) {
    it(`is ${what}`, () => {
      assert.equal(judgedSlot({ ...initialState("blue"), ...change }, first), expected);
    });
  }
});
