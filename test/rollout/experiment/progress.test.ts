import assert from "node:assert/strict";
import { seededNumbers } from "../../../bench/seeded";
import { designOf, type DecidingTest } from "../../../rollout/experiment/design";
import type { Arms } from "../../../rollout/experiment/decision";
import { proportion } from "../../../rollout/experiment/observations";
import {
  beginExperiment,
  experimentOutcome,
  progressSentence,
  wantedWeights,
  withLook,
  type ExperimentProgress,
} from "../../../rollout/experiment/progress";

const START = "2026-03-01T12:00:00.000Z";
const after = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
const test: DecidingTest = {
  metric: { kind: "proportion" },
  baseline: 0.1,
  minimumEffect: 0.02,
  maxDuration: 7200,
};

const arms = (live: [number, number], candidate: [number, number]): Arms => ({
  live: proportion(...live),
  candidate: proportion(...candidate),
});
const looked = (progress: ExperimentProgress, found: Arms | string, seconds: number, harm: object = {}) =>
  withLook(
    progress,
    { metric: typeof found === "string" ? { nothing: found } : { arms: found }, harm: { ...harm } },
    after(seconds),
  );

describe("an A/B test that is on", () => {
  const begun = beginExperiment(designOf(test, 50), START);

  it("is planned for the stated power before its first look", () => {
    const { rules, expected } = begun.design;
    assert.equal(rules.minimumPerArm, 300);
    assert.ok(Math.abs(expected.ifEffect.superior - 0.8) < 0.005, String(expected.ifEffect.superior));
    assert.ok(expected.ifNone.superior + expected.ifNone.inferior <= 0.05);
    const small = designOf({ ...test, minimumEffect: 0.5, minimumUsers: 400 }, 10);
    assert.equal(small.rules.maximumUsers, 4000, "each arm gets its first users, whatever the plan says");
  });

  it("says what it waits for, then its numbers, then the decision, and keeps that", () => {
    let progress = looked(begun, arms([12, 120], [11, 110]), 60);
    assert.equal(
      progressSentence(progress),
      "120 users of live and 110 of the candidate: the first look is at 300 each",
    );
    progress = looked(progress, arms([50, 500], [55, 500]), 120);
    assert.match(
      progressSentence(progress),
      /^still unclear: gain 0\.01, between -0\.\d+ and 0\.\d+ after 1000 users \(p \S+\); it ends after 13123 users at the latest$/,
    );
    progress = looked(progress, arms([300, 3000], [420, 3000]), 180);
    assert.equal(progress.state.decision, "superior");
    const outcome = experimentOutcome(progress);
    assert.deepEqual([outcome.gate, outcome.verdict], ["A/B test", "passed"]);
    assert.ok(Math.abs(outcome.value! - 0.04) < 1e-9);
    assert.match(
      outcome.reason,
      /^the candidate is better: gain 0\.04, between 0\.0\d+ and 0\.0\d+ after 6000 users \(p \S+\); live 0\.1 of 3000 users, candidate 0\.14 of 3000$/,
    );
    assert.equal(looked(progress, arms([900, 3000], [0, 3000]), 240), progress);
  });

  it("ends when its time is over, with or without data", () => {
    const unclear = looked(begun, arms([50, 500], [55, 500]), 7200);
    assert.equal(unclear.state.decision, "undecided");
    assert.match(progressSentence(unclear), /^its time of 2 hours is over: still unclear: gain 0\.01, /);
    const silent = looked(begun, "Prometheus has no data for it", 7200);
    assert.equal(
      progressSentence(silent),
      "its time of 2 hours is over; at the last look Prometheus has no data for it",
    );
    assert.equal(experimentOutcome(silent).verdict, "inconclusive");
  });

  it("takes no look where there is nothing to see, and counts how often", () => {
    const seen = looked(begun, arms([50, 500], [55, 500]), 60);
    const silent = looked(looked(seen, "Prometheus did not answer", 120), "Prometheus did not answer", 180);
    assert.equal(silent.silentLooks, 2);
    assert.deepEqual(silent.state, seen.state);
    assert.match(progressSentence(silent), /; at the last look Prometheus did not answer$/);
    assert.equal(looked(silent, arms([51, 510], [56, 510]), 240).silentLooks, 0);
  });

  it("does not take numbers that began anew for numbers", () => {
    const seen = looked(begun, arms([50, 500], [55, 500]), 60);
    const lost = looked(seen, arms([30, 400], [90, 400]), 120);
    assert.equal(
      lost.silent,
      "there were 1000 users and now there are 800: what counts them was lost or began anew",
    );
    assert.deepEqual(lost.state, seen.state);
  });

  it("means nothing where users do not split as promised", () => {
    const bad = looked(begun, arms([100, 1000], [200, 1300]), 60);
    assert.equal(bad.state.decision, null);
    assert.match(
      bad.mismatch!,
      /^the candidate has 56\.5 % of 2300 users where it should have 50 % \(p \S+\): something other than the model differs/,
    );
    assert.equal(looked(bad, arms([140, 1400], [140, 1400]), 120).mismatch, undefined);
    // Requests come in bursts: their split proves nothing.
    const requests = beginExperiment(designOf({ ...test, metric: { kind: "errorRate" } }, 50), START);
    assert.equal(looked(requests, arms([100, 1000], [130, 1300]), 60).mismatch, undefined);
  });

  it("stops for harm before anything else", () => {
    const guarded = designOf(
      {
        ...test,
        harm: [{ name: "refunds", metric: { kind: "proportion", better: "lower" }, tolerance: 0.01 }],
      },
      50,
    );
    const harmed = looked(beginExperiment(guarded, START), arms([300, 3000], [420, 3000]), 60, {
      refunds: { arms: arms([60, 3000], [300, 3000]) },
    });
    assert.equal(harmed.state.decision, "guardrail");
    assert.match(
      progressSentence(harmed),
      /^`refunds` is worse by 0\.08, at least 0\.0\d+; tolerated is 0\.01$/,
    );
    assert.equal(experimentOutcome(harmed).verdict, "failed");
  });

  it("does not promote while a harm rule is silent, says so and counts how often", () => {
    const guarded = designOf(
      {
        ...test,
        harm: [{ name: "refunds", metric: { kind: "proportion", better: "lower" }, tolerance: 0.01 }],
      },
      50,
    );
    const better = arms([300, 3000], [420, 3000]);
    const nothing = { refunds: { nothing: "Prometheus has no data for it" } };
    let progress = looked(beginExperiment(guarded, START), arms([10, 100], [10, 100]), 60, nothing);
    assert.equal(progress.silentLooks, 0, "no decision is kept back by it yet");
    progress = looked(progress, better, 120, nothing);
    assert.deepEqual([progress.state.decision, progress.silentLooks], [null, 1]);
    assert.match(
      progressSentence(progress),
      /^the candidate is better, but whether it harms is not known of `refunds`: .*; at the last look nothing is known of the harm rule `refunds`: Prometheus has no data for it$/,
    );
    progress = looked(progress, better, 180, { refunds: { arms: arms([1, 290], [1, 290]) } });
    assert.equal(
      progress.silent,
      "the harm rule `refunds` knew 290 users of live and 290 of the candidate, and needs 300 each",
    );
    assert.equal(progress.silentLooks, 2);
    progress = looked(progress, better, 240, { refunds: { arms: arms([30, 3000], [30, 3000]) } });
    assert.deepEqual(
      [progress.state.decision, progress.silent, progress.silentLooks],
      ["superior", undefined, 0],
    );
  });

  it("says that a harm rule is silent, and is not ended by it, while nothing rests on that", () => {
    const harm = [{ name: "refunds", metric: { kind: "proportion" }, tolerance: 0.01 }] as const;
    const nothing = { refunds: { nothing: "Prometheus has no data for it" } };
    let progress = beginExperiment(designOf({ ...test, harm }, 50), START);
    for (let i = 1; i <= 40; i++) progress = looked(progress, arms([50, 500], [55, 500]), 60 * i, nothing);
    assert.deepEqual([progress.state.decision, progress.silentLooks], [null, 0]);
    assert.match(
      progressSentence(progress),
      /; at the last look nothing is known of the harm rule `refunds`/,
    );
  });

  it("waits for few users of a harm rule as for those of the metric", () => {
    const harm = [{ name: "refunds", metric: { kind: "proportion" }, tolerance: 0.01 }] as const;
    const begun = beginExperiment(designOf({ ...test, harm }, 50), START);
    const few = looked(begun, arms([50, 500], [55, 500]), 60, { refunds: { arms: arms([1, 20], [1, 20]) } });
    assert.deepEqual([few.silent, few.silentLooks], [undefined, 0]);
  });

  it("shares its error rate out among its harm rules", () => {
    const rules = (count: number) => {
      const harm = Array.from({ length: count }, (_, i) => ({
        name: `h${i}`,
        metric: { kind: "proportion" } as const,
        tolerance: 0,
      }));
      return designOf({ ...test, alpha: 0.04, harm }, 50).rules.guardrails!;
    };
    assert.deepEqual(
      [1, 4].map((count) => rules(count).map(({ alpha }) => alpha)),
      [[0.04], [0.01, 0.01, 0.01, 0.01]],
    );
    assert.ok(rules(4)[0]!.mixture > rules(1)[0]!.mixture, "narrowest for its own error rate");
  });

  it("goes on without stopping for futility where that is asked for", () => {
    const endless = beginExperiment(designOf({ ...test, futility: false }, 50), START);
    const none = arms([600, 6000], [595, 6000]);
    assert.equal(looked(begun, none, 60).state.decision, "futile");
    assert.equal(looked(endless, none, 60).state.decision, null);
  });

  it("survives being written down", () => {
    const seen = looked(begun, arms([50, 500], [55, 500]), 60);
    const read = JSON.parse(JSON.stringify(seen)) as ExperimentProgress;
    const next = arms([150, 1500], [152, 1500]);
    assert.deepEqual(looked(read, next, 120), looked(seen, next, 120));
  });

  it("finds a difference where there is none in at most 5 % of tests, looked at every 50 users", () => {
    const random = seededNumbers(5);
    const small = designOf(
      { ...test, baseline: 0.3, minimumEffect: 0.1, minimumUsers: 100, futility: false },
      50,
    );
    let [found, mismatches] = [0, 0];
    for (let i = 0; i < 200; i++) {
      let progress = beginExperiment(small, START);
      const seen = { live: [0, 0], candidate: [0, 0] } as {
        live: [number, number];
        candidate: [number, number];
      };
      for (let users = 0; progress.state.decision === null && progress.mismatch === undefined; users += 50) {
        for (let n = 0; n < 50; n++) {
          const arm = seen[random() < 0.5 ? "candidate" : "live"];
          arm[0] += random() < 0.3 ? 1 : 0;
          arm[1] += 1;
        }
        progress = looked(progress, arms(seen.live, seen.candidate), 1);
      }
      if (progress.state.decision === "superior" || progress.state.decision === "inferior") found++;
      if (progress.mismatch !== undefined) mismatches++;
    }
    assert.ok(found <= 10, `${found} of 200`);
    assert.ok(mismatches <= 2, `${mismatches} of 200`);
  });
});

describe("a bandit", () => {
  const design = designOf({ ...test, bandit: { floor: 10, rebalance: 600, certainty: 0.95 } }, 50);
  const begun = beginExperiment(design, START);
  const NOW = { blue: 50, green: 50 };

  it("moves the weights to what looks better, not oftener than it is told, and within its floor", () => {
    const seen = looked(begun, arms([40, 400], [48, 400]), 300);
    assert.equal(seen.state.decision, null);
    assert.equal(wantedWeights(seen, "green", NOW, after(599)), undefined);
    const wanted = wantedWeights(seen, "green", NOW, after(600))!;
    assert.ok(wanted.green > 70 && wanted.green <= 90, JSON.stringify(wanted));
    assert.equal(wanted.blue + wanted.green, 100);
    assert.equal(wantedWeights({ ...seen, balancedAt: after(600) }, "green", NOW, after(1000)), undefined);
    assert.equal(wantedWeights(seen, "green", wanted, after(700)), undefined, "nothing to move");
  });

  it("ends at the certainty that was asked for, and states no interval", () => {
    const won = looked(begun, arms([40, 400], [80, 400]), 60);
    assert.equal(won.state.decision, "superior");
    assert.match(
      progressSentence(won),
      /^the candidate is the better one with probability (1|0\.99\d*): gain 0\.1 after 800 users$/,
    );
    assert.equal(looked(begun, arms([80, 400], [40, 400]), 60).state.decision, "inferior");
    const lower = designOf({ ...test, metric: { kind: "proportion", better: "lower" }, bandit: {} }, 50);
    const fewer = looked(beginExperiment(lower, START), arms([80, 400], [40, 400]), 60);
    assert.equal(fewer.state.decision, "superior");
  });

  it("does not promote while a harm rule is silent either", () => {
    const harm = [{ name: "refunds", metric: { kind: "proportion" }, tolerance: 0.01 }] as const;
    const guarded = beginExperiment(designOf({ ...test, harm, bandit: {} }, 50), START);
    const won = arms([40, 400], [80, 400]);
    const silent = looked(guarded, won, 60);
    assert.deepEqual([silent.state.decision, silent.silentLooks], [null, 1]);
    const known = { refunds: { arms: arms([10, 400], [10, 400]) } };
    assert.equal(looked(silent, won, 120, known).state.decision, "superior");
  });

  it("says nothing before each arm has its first users", () =>
    assert.equal(looked(begun, arms([0, 100], [90, 100]), 60).state.decision, null));
});
