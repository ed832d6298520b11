import assert from "node:assert/strict";
import { itHolds } from "./support/promtool-case";
import { rollout } from "./support/rules";

const STEP = { alert: "SlipwayRolloutStuck", interval: "1m" } as const;
const CANARY = { kind: "canary", stepWeights: [10, 50], interval: 60 } as const;
const LABELS = { namespace: "models", service: "text", rollout: "text" };
const stuck = (time: string) => ({
  severity: "ticket" as const,
  labels: LABELS,
  summary: `text: traffic has been split between two slots for ${time} without a move`,
});
const unended = (time: string) => ({
  ...stuck(time),
  summary: `text: Flagger has not ended its analysis for ${time}`,
});
/** What the rule for a slot's weight recorded before the rules were replaced at a step. */
const weight = (slot: string) =>
  `rollout:slipway_traffic_weight:percent{namespace="models",service="text",slot="${slot}"}`;
const asked = (service: string) =>
  `slipway_inference_requests_total{namespace="models",service="${service}",code="OK"}`;

describe("alerts on rollouts", () => {
  describe("whose traffic is split", () => {
    itHolds(rollout({ strategy: CANARY, weights: { blue: 90, green: 10 } }), [
      { ...STEP, what: "for more than an hour", series: {}, at: "1h2m", fires: [stuck("1h")] },
      { ...STEP, what: "for less than an hour", series: {}, at: "59m", fires: [] },
    ]);
    itHolds(
      rollout({ strategy: { ...CANARY, interval: 7200 }, weights: { blue: 90, green: 10 } }),
      [
        { ...STEP, what: "a step of two hours takes three", series: {}, at: "3h", fires: [] },
        { ...STEP, what: "a step of two hours takes five", series: {}, at: "5h", fires: [stuck("4h")] },
      ],
      60,
    );
  });

  describe("whose traffic is where it belongs", () => {
    itHolds(rollout({ strategy: CANARY, weights: { blue: 0, green: 100 } }), [
      { ...STEP, what: "for hours", series: {}, at: "2h", fires: [] },
    ]);
  });

  describe("which goes on", () => {
    const [group] = rollout({ strategy: CANARY, weights: { blue: 90, green: 10 } });
    // The recorded series come from outside, as they were while the weights changed.
    const alerts = [{ ...group!, rules: group!.rules.filter((rule) => "alert" in rule) }];
    itHolds(
      alerts,
      [
        {
          ...STEP,
          what: "step by step, every half hour",
          series: {
            [weight("blue")]: "90x30 70x30 50x30 30x40",
            [weight("green")]: "10x30 30x30 50x30 70x40",
          },
          at: "2h",
          fires: [],
        },
        {
          ...STEP,
          what: "and then stands still",
          series: { [weight("blue")]: "90x30 70x90", [weight("green")]: "10x30 30x90" },
          at: "1h50m",
          fires: [stuck("1h")],
        },
        {
          ...STEP,
          what: "and was ended",
          series: { [weight("blue")]: "90x100 100x30", [weight("green")]: "10x100 0x30" },
          at: "1h50m",
          fires: [],
        },
      ],
      60,
    );
  });

  describe("that Flagger carries out", () => {
    const flagger = { candidate: "text-canary", live: "text-primary" };
    itHolds(
      rollout({ strategy: CANARY, weights: { blue: 100, green: 0 }, flagger }),
      [
        {
          ...STEP,
          what: "both have been asked for more than an hour",
          series: { [asked("text-canary")]: "0+10x90", [asked("text-primary")]: "0+90x90" },
          at: "1h10m",
          fires: [unended("1h")],
        },
        {
          ...STEP,
          what: "the canary is asked no more",
          series: { [asked("text-canary")]: "0+10x40 400x50", [asked("text-primary")]: "0+90x90" },
          at: "1h10m",
          fires: [],
        },
      ],
      60,
    );
    const bothAsked = { [asked("text-canary")]: "0+10x200", [asked("text-primary")]: "0+90x200" };
    itHolds(
      rollout({
        strategy: { ...CANARY, stepWeights: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50], interval: 600 },
        weights: { blue: 100, green: 0 },
        flagger,
      }),
      [
        {
          ...STEP,
          what: "ten steps of ten minutes take as long as they must",
          series: bothAsked,
          at: "1h50m",
          fires: [],
        },
        {
          ...STEP,
          what: "ten steps of ten minutes take two more",
          series: bothAsked,
          at: "2h5m",
          fires: [unended("2h")],
        },
      ],
      60,
    );
  });

  it("are not made where a person decides, and wait for a test as long as it may take", () => {
    const weights = { blue: 50, green: 50 };
    const waits = (strategy: Parameters<typeof rollout>[0]["strategy"]) =>
      rollout({ strategy, weights }).flatMap(({ rules }) =>
        rules.flatMap((rule) => ("alert" in rule ? rule.for : [])),
      );
    assert.deepEqual(waits({ kind: "abTest" }), []);
    assert.deepEqual(waits({ kind: "shadow" }), []);
    assert.deepEqual(waits({ kind: "blueGreen" }), ["1h"]);
    const metric = { kind: "errorRate" } as const;
    assert.deepEqual(
      waits({ kind: "abTest", metric, baseline: 0.1, minimumEffect: 0.01, maxDuration: 86_400 }),
      ["25h"],
    );
  });
});
