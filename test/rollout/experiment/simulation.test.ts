import assert from "node:assert/strict";
import {
  exponential,
  shareOf,
  simulate,
  yesOrNo,
  type Population,
} from "../../../bench/experiment-simulation";
import { seededNumbers } from "../../../bench/seeded";
import type { StopRules } from "../../../rollout/experiment/decision";
import { planExperiment } from "../../../rollout/experiment/plan";

/** `npm run bench -- experiment` does the same at length. */
const EXPERIMENTS = 200;

const plan = planExperiment({ baseline: { kind: "proportion", share: 0.3 }, minimumEffect: 0.1 });
const RULES: StopRules = { ...plan, better: "higher", minimumPerArm: 100 };

function run(population: Partial<Population>, rules: StopRules, seed: number) {
  const whole: Population = {
    name: "",
    kind: "proportion",
    share: 0.5,
    live: yesOrNo(0.3),
    candidate: yesOrNo(0.3),
    ...population,
  };
  const random = seededNumbers(seed);
  return Array.from({ length: EXPERIMENTS }, () => simulate(whole, rules, random));
}

const found = (decisions: { decision: string }[]) =>
  decisions.filter(({ decision }) => decision === "superior" || decision === "inferior").length;

describe("experiments on simulated users, looked at after each", () => {
  const endless = { ...RULES, minimumEffect: undefined };

  it("find a difference where there is none in at most 5 % of cases, which a repeated z-test does not", () => {
    const ends = run({}, endless, 11);
    assert.ok(found(ends) <= 0.05 * EXPERIMENTS, `${found(ends)} of ${EXPERIMENTS}`);
    const naive = ends.filter(({ naiveFound }) => naiveFound).length;
    assert.ok(shareOf(naive, EXPERIMENTS).low > 5, `${naive} of ${EXPERIMENTS}`);
  });

  it("keep to that with a skewed metric of unknown variance and unequal arms", () => {
    const skewed = { kind: "mean" as const, live: exponential(1), candidate: exponential(1), share: 0.2 };
    const mean = planExperiment({
      baseline: { kind: "mean", standardDeviation: 1 },
      minimumEffect: 0.25,
      percent: 20,
    });
    const ends = run(skewed, { ...mean, minimumEffect: undefined, better: "lower", minimumPerArm: 100 }, 12);
    assert.ok(found(ends) <= 0.05 * EXPERIMENTS, `${found(ends)} of ${EXPERIMENTS}`);
  });

  for (const [share, better] of [
    [0.01, "lower"],
    [0.99, "higher"],
  ] as const) {
    it(`keep to that with a share of ${share} and a twentieth of the users, where ${better} is better`, () => {
      const rare = planExperiment({
        baseline: { kind: "proportion", share },
        minimumEffect: 0.005,
        percent: 5,
      });
      const rules: StopRules = { ...rare, minimumEffect: undefined, better, maximumUsers: 12_000 };
      const ends = run({ live: yesOrNo(share), candidate: yesOrNo(share), share: 0.05 }, rules, 14);
      // The arm that has by chance too few of the rare outcome looks surest at the first looks.
      assert.ok(found(ends) <= 0.02 * EXPERIMENTS, `${found(ends)} of ${EXPERIMENTS}`);
    });
  }

  it("find the smallest effect that matters as often as the plan says, with the users it says", () => {
    const ends = run({ candidate: yesOrNo(0.4) }, RULES, 13);
    const better = ends.filter(({ decision }) => decision === "superior").length;
    // Three standard errors of 200 experiments around what the plan states.
    assert.ok(Math.abs(better / EXPERIMENTS - plan.ifEffect.superior) < 0.085, `${better} of ${EXPERIMENTS}`);
    const mean = ends.reduce((sum, { users }) => sum + users, 0) / EXPERIMENTS;
    assert.ok(Math.abs(mean / plan.ifEffect.meanUsers - 1) < 0.15, `${mean}, not ${plan.ifEffect.meanUsers}`);
  });
});
