import assert from "node:assert/strict";
import { proportion } from "../../../rollout/experiment/observations";
import {
  bestMixture,
  differenceOf,
  logLikelihoodRatio,
  lookAt,
  reach,
} from "../../../rollout/experiment/sequential-test";

const near = (found: number, expected: number, relative = 1e-9) =>
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found} is not ${expected}`);

describe("sequential test", () => {
  it("has the likelihood ratio of the integrated normal mixture", () => {
    // scipy: log(quad(norm.pdf(0.02, d, 0.01) * norm.pdf(d, 0, sqrt(0.0008))) / norm.pdf(0.02, 0, 0.01))
    near(logLikelihoodRatio({ estimate: 0.02, variance: 0.0001 }, 0.0008, 0), 0.6791654891096681);
  });

  it("has the p-value and the interval at which that ratio reaches 1/α", () => {
    // scipy: lr(d) = norm.logpdf(.05, d, sqrt(V+.0015)) - norm.logpdf(.05, d, sqrt(V)); exp(-lr(0)); brentq(lr(d) - log(20))
    const difference = differenceOf(proportion(100, 1000), proportion(150, 1000));
    near(difference.variance, 0.00021875);
    const look = lookAt(difference, 0.0015, 0.05);
    near(look.pValue, 0.01913375035653733);
    near(look.low, 0.005072673558568094, 1e-7);
    near(look.high, 0.09492732644143191, 1e-7);
  });

  it("takes the variance of both arms together where one of them looks surer than it can be", () => {
    // 60 of 6000 are 1 %, of 300 that would be 3: that there is none says little.
    const { variance } = differenceOf(proportion(60, 6000), proportion(0, 300));
    const share = 60 / 6300;
    near(variance, share * (1 - share) * (1 / 6000 + 1 / 300));
    // Where the small arm has more, it knows its own variance.
    const more = differenceOf(proportion(60, 6000), proportion(9, 300));
    const apart = (smooth: number, of: number) => (smooth * (1 - smooth)) / of;
    near(more.variance, apart(61 / 6002, 6000) + apart(10 / 302, 300));
    const numbers = differenceOf({ count: 10, mean: 0, variance: 1 }, { count: 10, mean: 0.5, variance: 3 });
    near(numbers.variance, 0.4);
  });

  it("finds the mixture that makes the interval narrowest", () => {
    // scipy: brentq(r - log1p(r) - 2 log(1/alpha))
    near(bestMixture(1, 0.05), 8.211968062068255);
    near(bestMixture(2, 0.01), 2 * 11.756371222495272);
    const best = bestMixture(0.01, 0.05);
    for (const factor of [0.9, 1.1]) assert.ok(reach(0.01, best * factor, 0.05) > reach(0.01, best, 0.05));
  });

  it("rejects a difference of zero exactly where the interval excludes it", () => {
    for (let estimate = -0.1; estimate <= 0.1; estimate += 0.001) {
      const { pValue, low, high } = lookAt({ estimate, variance: 0.0004 }, 0.003, 0.05);
      assert.equal(pValue <= 0.05, low > 0 || high < 0);
    }
  });

  it("keeps the smallest p-value of all looks", () => {
    const first = lookAt({ estimate: 0.1, variance: 0.0005 }, 0.003, 0.05);
    const second = lookAt({ estimate: 0, variance: 0.0004 }, 0.003, 0.05, first.pValue);
    assert.equal(second.pValue, first.pValue);
  });

  it("knows nothing where nothing varies", () => {
    assert.deepEqual(lookAt({ estimate: 0, variance: 0 }, 0.003, 0.05), {
      estimate: 0,
      pValue: 1,
      low: -Infinity,
      high: Infinity,
    });
  });
});
