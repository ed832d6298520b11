import assert from "node:assert/strict";
import {
  classStability,
  kolmogorovSmirnov,
  populationStability,
} from "../../../runtime/gate/distribution-metrics";
import { accuracy, macroF1, rmse, rocAuc } from "../../../runtime/quality/quality-metrics";

// The numbers on the right come from scikit-learn 1.9.1 and scipy 1.17.1, by the commands above them.
const near = (given: number | undefined, expected: number) =>
  assert.ok(given !== undefined && Math.abs(given - expected) < 1e-14, `${given} is not ${expected}`);

// t = list("aabbbccccd"); p = list("abbbccccae")
const RIGHT = [..."aabbbccccd"];
const GIVEN = [..."abbbccccae"];
// y = [0,0,1,1,0,1,1,0,1,0]; s = [.1,.4,.35,.8,.4,.4,.9,.2,.2,.05]
const POSITIVE = [0, 0, 1, 1, 0, 1, 1, 0, 1, 0].map(Boolean);
const SCORES = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.2, 0.2, 0.05];
// l = [(i*37%101)/10 for i in range(100)]; c = [(i*53%97)/9+.3 for i in range(80)]
const LIVE = Array.from({ length: 100 }, (_, i) => ((i * 37) % 101) / 10);
const CANDIDATE = Array.from({ length: 80 }, (_, i) => ((i * 53) % 97) / 9 + 0.3);

describe("accuracy", () => {
  // accuracy_score(t, p)
  it("is the share of right answers", () => near(accuracy(RIGHT, GIVEN), 0.6));
});

describe("macroF1", () => {
  // f1_score(t, p, average="macro", zero_division=0)
  it("weighs all classes alike, also those that are only given or never found", () =>
    near(macroF1(RIGHT, GIVEN), 0.3833333333333333));
  it("is 1 where all is right, however many classes there are", () => near(macroF1(["a"], ["a"]), 1));
});

describe("rocAuc", () => {
  // roc_auc_score(y, s)
  it("shares ranks among equal scores", () => near(rocAuc(POSITIVE, SCORES), 0.78));
  it("is a half where scores say nothing", () => near(rocAuc([false, true], [0.5, 0.5]), 0.5));
  it("is 0 where they say the opposite", () => near(rocAuc([true, false], [0.1, 0.9]), 0));
  it("is undefined without both kinds of labels", () => {
    assert.equal(rocAuc([true, true], [0.1, 0.9]), undefined);
    assert.equal(rocAuc([false], [0.1]), undefined);
  });
});

describe("rmse", () => {
  // root_mean_squared_error([3, -0.5, 2, 7], [2.5, 0, 2, 8])
  it("is the root of the mean of squares", () =>
    near(rmse([3, -0.5, 2, 7], [2.5, 0, 2, 8]), 0.6123724356957945));
  it("is 0 where nothing differs", () => near(rmse([1, 2], [1, 2]), 0));
  it("does not overflow", () => assert.equal(rmse([1e200, 1e200], [-1e200, -1e200]), 2e200));
});

describe("kolmogorovSmirnov", () => {
  // ks_2samp(l, c).statistic
  it("is the greatest distance of the distributions", () => near(kolmogorovSmirnov(LIVE, CANDIDATE), 0.09));
  // ks_2samp([1,1,2,2,3], [1,2,2,2,4,4]).statistic
  it("steps over equal values together", () =>
    near(kolmogorovSmirnov([1, 1, 2, 2, 3], [1, 2, 2, 2, 4, 4]), 1 / 3));
  it("is 0 for the same and 1 for what does not overlap", () => {
    near(kolmogorovSmirnov(LIVE, LIVE), 0);
    near(kolmogorovSmirnov([1, 2], [3]), 1);
    near(kolmogorovSmirnov([3], [1, 2]), 1);
  });
});

describe("populationStability", () => {
  // e = np.unique(np.quantile(l, [i/10 for i in range(1, 10)]))
  // share = lambda v: np.maximum(np.bincount(np.searchsorted(e, v), minlength=len(e)+1)/len(v), 1e-4)
  // a, b = share(l), share(c); ((b - a)*np.log(b/a)).sum()
  it("compares shares in tenths of the live slot's numbers", () =>
    near(populationStability(LIVE, CANDIDATE), 0.058981235891188685));
  it("has fewer bins where values coincide, and takes empty ones", () =>
    near(populationStability([0, 0, 0, 0, 1, 2, 3], [0, 1, 1, 5, 6]), 1.9565017924733654));
  it("is 0 for the same", () => near(populationStability(LIVE, LIVE), 0));
});

describe("classStability", () => {
  it("takes each class as a bin, also one that only one side has", () => {
    near(classStability(["a", "b"], ["b", "a"]), 0);
    const expected = (0.75 - 0.5) * Math.log(0.75 / 0.5) + (0.25 - 0.5) * Math.log(0.25 / 0.5);
    near(classStability(["a", "b"], ["a", "a", "a", "b"]), expected);
    near(classStability(["a"], ["b"]), 2 * (1 - 1e-4) * Math.log(1 / 1e-4));
  });
});
