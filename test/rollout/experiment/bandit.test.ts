import assert from "node:assert/strict";
import { banditWeights, probabilityBest } from "../../../rollout/experiment/bandit";
import { seededNumbers } from "../../../bench/seeded";

const outcomes = (successes: number, trials: number) => ({ successes, trials });

describe("probabilityBest", () => {
  // scipy: quad(lambda x: beta(1+s2, 1+n2-s2).pdf(x) * beta(1+s1, 1+n1-s1).cdf(x), 0, 1)
  const cases: [[number, number], [number, number], number][] = [
    [[0, 0], [0, 0], 0.5],
    [[0, 0], [1, 1], 0.6666666666666666],
    [[50, 100], [60, 100], 0.9214262485064164],
    [[10, 1000], [3, 200], 0.8056608057169966],
    [[100_000, 1_000_000], [100_500, 1_000_000], 0.8804425367656393],
    [[0, 50], [0, 5000], 0.010094714571479344],
    [[3, 3], [400, 1000], 0.025881438316599843],
  ];
  for (const [live, candidate, expected] of cases) {
    it(`is ${expected.toFixed(4)} for ${live.join(" of ")} against ${candidate.join(" of ")}`, () => {
      const found = probabilityBest(outcomes(...live), outcomes(...candidate));
      assert.ok(Math.abs(found - expected) < 1e-4, String(found));
      const turned = probabilityBest(outcomes(...candidate), outcomes(...live));
      assert.ok(Math.abs(found + turned - 1) < 1e-9);
    });
  }

  it("is sure where nothing is left to doubt", () => {
    assert.ok(probabilityBest(outcomes(0, 1_000_000), outcomes(1_000_000, 1_000_000)) > 0.9999);
  });

  it("refuses what no outcome can be", () => {
    assert.throws(() => probabilityBest(outcomes(2, 1), outcomes(0, 0)), {
      message: "2 successes of 1 trials: must be whole numbers, 0 <= successes <= trials",
    });
  });
});

describe("banditWeights", () => {
  it("gives whole percentages that sum to 100, never less than the floor", () => {
    assert.deepEqual(banditWeights(outcomes(50, 100), outcomes(60, 100)), { live: 10, candidate: 90 });
    assert.deepEqual(banditWeights(outcomes(50, 100), outcomes(60, 100), 5), { live: 8, candidate: 92 });
    assert.deepEqual(banditWeights(outcomes(900, 1000), outcomes(100, 1000), 20), {
      live: 80,
      candidate: 20,
    });
    assert.deepEqual(banditWeights(outcomes(0, 0), outcomes(0, 0)), { live: 50, candidate: 50 });
  });

  it("refuses floors that do not leave 100 percent", () => {
    assert.throws(() => banditWeights(outcomes(0, 0), outcomes(0, 0), 51), {
      message: "`floor`: 51 must be a whole number from 0 to 50",
    });
  });

  it("ends with nearly all traffic at the better arm", () => {
    const random = seededNumbers(5);
    const seen = { live: outcomes(0, 0), candidate: outcomes(0, 0) };
    let weights = banditWeights(seen.live, seen.candidate);
    for (let batch = 0; batch < 40; batch++) {
      for (let user = 0; user < 100; user++) {
        const arm = random() * 100 < weights.candidate ? "candidate" : "live";
        const success = random() < (arm === "candidate" ? 0.3 : 0.2) ? 1 : 0;
        seen[arm] = outcomes(seen[arm].successes + success, seen[arm].trials + 1);
      }
      weights = banditWeights(seen.live, seen.candidate);
    }
    assert.deepEqual(weights, { live: 10, candidate: 90 });
    assert.ok(seen.candidate.trials > 3 * seen.live.trials);
  });
});
