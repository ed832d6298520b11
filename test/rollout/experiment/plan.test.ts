import assert from "node:assert/strict";
import { planExperiment, type ExperimentQuestion } from "../../../rollout/experiment/plan";
import { operatingCharacteristics } from "../../../rollout/experiment/power";
import { bestMixture } from "../../../rollout/experiment/sequential-test";

describe("operatingCharacteristics", () => {
  // A test of 13.5 units (variance 1, effect 1) at 40 looks; the expected numbers are of 400,000 simulated Brownian paths in numpy
  // (standard errors 0.0006 and less, 0.008 units).
  const users = 13.5;
  const design = {
    variance: { live: 0.25, candidate: 0.25 },
    share: 0.5,
    alpha: 0.05,
    mixture: bestMixture(1 / users, 0.05),
    looks: Array.from({ length: 40 }, (_, i) => (users * (i + 1)) / 40),
    minimumEffect: 1,
  };
  const cases: [number, number, number, number, number][] = [
    [1, 0.8028, 0, 0.0066, 8.513],
    [0, 0.0065, 0, 0.8037, 8.498],
    [-1, 0, 0.0018, 0.9982, 3.096],
    [0.5, 0.1884, 0, 0.1883, 11.606],
  ];
  for (const [effect, superior, inferior, futile, meanUsers] of cases) {
    it(`agrees with a simulation for an effect of ${effect}`, () => {
      const found = operatingCharacteristics(design, effect);
      assert.ok(Math.abs(found.superior - superior) < 0.003, `superior ${found.superior}`);
      assert.ok(Math.abs(found.inferior - inferior) < 0.0003, `inferior ${found.inferior}`);
      assert.ok(Math.abs(found.futile - futile) < 0.003, `futile ${found.futile}`);
      assert.ok(Math.abs(found.meanUsers - meanUsers) < 0.04, `users ${found.meanUsers}`);
    });
  }
});

describe("planExperiment", () => {
  const question: ExperimentQuestion = {
    baseline: { kind: "proportion", share: 0.1 },
    minimumEffect: 0.02,
  };

  it("finds the users that give the power, and states what to expect", () => {
    const plan = planExperiment(question);
    assert.ok(
      plan.ifEffect.superior >= 0.8 && plan.ifEffect.superior < 0.803,
      String(plan.ifEffect.superior),
    );
    assert.ok(plan.ifNone.superior + plan.ifNone.inferior <= 0.05);
    assert.ok(plan.ifEffect.meanUsers < plan.maximumUsers);
    // A test that looks once needs (1.96 + 0.8416)² · (0.1·0.9 + 0.12·0.88) · 2 / 0.02² = 7,678 users; looking always costs more.
    assert.ok(plan.maximumUsers > 7678 && plan.maximumUsers < 2 * 7678, String(plan.maximumUsers));
  });

  it("needs four times the users for half the effect, and more for a smaller share", () => {
    const mean = (minimumEffect: number, percent: number) =>
      planExperiment({ baseline: { kind: "mean", standardDeviation: 2 }, minimumEffect, percent })
        .maximumUsers;
    assert.ok(Math.abs(mean(0.05, 50) / mean(0.1, 50) - 4) < 0.01);
    // Variance goes with 1/share + 1/(1 − share): 11.11 against 4.
    assert.ok(Math.abs(mean(0.1, 10) / mean(0.1, 50) - 11.111 / 4) < 0.01);
  });

  const refused: [Partial<ExperimentQuestion>, string][] = [
    [{ baseline: { kind: "proportion", share: 0 } }, "`baseline.share`: 0 must be > 0 and < 1"],
    [
      { baseline: { kind: "mean", standardDeviation: 0 } },
      "`baseline.standardDeviation`: 0 must be a number > 0",
    ],
    [{ minimumEffect: -0.1 }, "`minimumEffect`: -0.1 must be a number > 0"],
    [{ minimumEffect: 0.95 }, "`minimumEffect`: 0.95 must be less than what a share of 0.1 can change by"],
    [{ percent: 100 }, "`percent`: 100 must be > 0 and < 100"],
    [{ alpha: 0 }, "`alpha`: 0 must be > 0 and < 0.5"],
    [{ power: 0.05 }, "`power`: 0.05 must be > `alpha` (0.05) and < 1"],
  ];
  for (const [change, message] of refused) {
    it(`says: ${message}`, () => {
      assert.throws(() => planExperiment({ ...question, ...change }), { message });
    });
  }
});
