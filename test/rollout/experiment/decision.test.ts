import assert from "node:assert/strict";
import { decide, NOT_STARTED, type Observed, type StopRules } from "../../../rollout/experiment/decision";
import { explained } from "../../../rollout/experiment/explain";
import { proportion } from "../../../rollout/experiment/observations";

const RULES: StopRules = {
  better: "higher",
  mixture: 0.0015,
  alpha: 0.05,
  minimumEffect: 0.02,
  maximumUsers: 20_000,
};

const observed = (live: [number, number], candidate: [number, number]): Observed => ({
  metric: { live: proportion(...live), candidate: proportion(...candidate) },
});

describe("decide", () => {
  const cases: [string, Partial<StopRules>, Observed, string | null][] = [
    ["goes on while it is unclear", {}, observed([100, 1000], [105, 1000]), null],
    ["finds a better candidate", {}, observed([100, 1000], [180, 1000]), "superior"],
    ["finds a worse candidate", {}, observed([180, 1000], [100, 1000]), "inferior"],
    [
      "takes fewer for better where they are",
      { better: "lower" },
      observed([180, 1000], [100, 1000]),
      "superior",
    ],
    ["ends where what matters is ruled out", {}, observed([1000, 9000], [950, 9000]), "futile"],
    [
      "goes on without an effect that matters",
      { minimumEffect: undefined },
      observed([1000, 9000], [950, 9000]),
      null,
    ],
    [
      "ends when the users are used up",
      { maximumUsers: 2000 },
      observed([100, 1000], [105, 1000]),
      "undecided",
    ],
    ["takes no look before there are enough", {}, observed([0, 299], [299, 5000]), null],
    [
      "ends when they are used up on one side",
      { maximumUsers: 4000 },
      observed([0, 10], [0, 5000]),
      "undecided",
    ],
  ];
  for (const [name, change, seen, decision] of cases) {
    it(name, () => assert.equal(decide(NOT_STARTED, { ...RULES, ...change }, seen).decision, decision));
  }

  it("keeps a decision, whatever comes later", () => {
    const stopped = decide(NOT_STARTED, RULES, observed([100, 1000], [180, 1000]));
    assert.equal(decide(stopped, RULES, observed([900, 2000], [180, 2000])), stopped);
  });

  describe("with a guardrail", () => {
    const rules: StopRules = {
      ...RULES,
      guardrails: [{ name: "errors", better: "lower", tolerance: 0.01, mixture: 0.0015 }],
    };
    const withErrors = (live: number, candidate: number): Observed => ({
      ...observed([100, 1000], [180, 1000]),
      guardrails: { errors: { live: proportion(live, 1000), candidate: proportion(candidate, 1000) } },
    });

    it("stops even a better candidate that makes it worse than tolerated", () => {
      const state = decide(NOT_STARTED, rules, withErrors(10, 100));
      assert.equal(state.decision, "guardrail");
      assert.match(
        explained(state, rules),
        /^`errors` is worse by 0\.09, at least 0\.0\d+; tolerated is 0\.01$/,
      );
    });

    it("tolerates what is tolerated", () =>
      assert.equal(decide(NOT_STARTED, rules, withErrors(10, 15)).decision, "superior"));

    it("finds no candidate better as long as its data are missing, or too few", () => {
      const few = { errors: { live: proportion(1, 299), candidate: proportion(1, 900) } };
      for (const guardrails of [undefined, {}, few]) {
        const seen = { ...observed([100, 1000], [180, 1000]), guardrails };
        const state = decide(NOT_STARTED, rules, seen);
        assert.deepEqual([state.decision, state.unproven], [null, ["errors"]]);
        assert.match(
          explained(state, rules),
          /^the candidate is better, but whether it harms is not known of `errors`: gain 0\.08, /,
        );
        const last = decide(NOT_STARTED, { ...rules, maximumUsers: 2000 }, seen);
        assert.equal(last.decision, "undecided");
        assert.match(
          explained(last, { ...rules, maximumUsers: 2000 }),
          /^all 2000 users were seen, the candidate is better, but/,
        );
        const after = decide(state, rules, withErrors(10, 15));
        assert.deepEqual([after.decision, after.unproven], ["superior", undefined]);
      }
    });

    it("needs no data for what is not better", () => {
      assert.equal(decide(NOT_STARTED, rules, observed([180, 1000], [100, 1000])).decision, "inferior");
      assert.equal(decide(NOT_STARTED, rules, observed([1000, 9000], [950, 9000])).decision, "futile");
    });
  });
});

describe("explained", () => {
  it("says what is waited for", () => {
    const state = decide(NOT_STARTED, RULES, observed([1, 20], [2, 31]));
    assert.equal(
      explained(state, RULES),
      "20 users of live and 31 of the candidate: the first look is at 300 each",
    );
  });

  it("gives the numbers of the last look", () => {
    const state = decide(NOT_STARTED, RULES, observed([100, 1000], [180, 1000]));
    assert.match(
      explained(state, RULES),
      /^the candidate is better: gain 0\.08, between 0\.03281 and 0\.1272 after 2000 users \(p 0\.00002861\)$/,
    );
  });
});
