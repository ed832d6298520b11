import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assignmentPValue } from "../../../rollout/experiment/assignment-check";
import { armOf, bucketOf } from "../../../rollout/experiment/assignment";

describe("bucketOf", () => {
  // python3 -c 'import hashlib; print(int.from_bytes(hashlib.sha256((SALT+"\n"+KEY).encode()).digest()[:4],"big")*10000>>32)'
  const cases: [string, string, number][] = [
    ["alice", "fraud-2026-01", 7889],
    ["bob", "fraud-2026-01", 2921],
    ["alice", "other", 5604],
    ["Zoë 🦊", "fraud-2026-01", 2702],
    ["", "x", 4523],
  ];
  for (const [key, salt, bucket] of cases) {
    it(`puts "${key}" of "${salt}" where another language's hash puts it`, () => {
      assert.equal(bucketOf(key, salt), bucket);
    });
  }

  it("fills all buckets alike: chi-squared of 100 groups of buckets", () => {
    const groups = new Array<number>(100).fill(0);
    for (let i = 0; i < 20_000; i++) groups[Math.floor(bucketOf(`user-${i}`, "even") / 100)]! += 1;
    const chiSquared = groups.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    // scipy.stats.chi2(99).ppf([0.001, 0.999])
    assert.ok(chiSquared > 61.1 && chiSquared < 148.2, String(chiSquared));
  });

  it("refuses a salt that would let two experiments share users", () => {
    assert.throws(() => bucketOf("a", "b\nc"), { message: "`salt` must be one line" });
  });
});

describe("armOf", () => {
  it("keeps every user of the candidate there while its share grows", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.nat(100), (key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        if (armOf(key, "s", less) === "candidate") assert.equal(armOf(key, "s", more), "candidate");
      }),
      { seed: 1 },
    );
  });

  it("sends nobody and everybody at the ends, and the share in between", () => {
    const users = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
    const share = (percent: number) => users.filter((key) => armOf(key, "s", percent) === "candidate").length;
    assert.equal(share(0), 0);
    assert.equal(share(100), 10_000);
    assert.ok(Math.abs(share(20) - 2000) < 4 * Math.sqrt(10_000 * 0.2 * 0.8), String(share(20)));
  });

  it("shuffles anew for another experiment", () => {
    const both = Array.from({ length: 4000 }, (_, i) => `user-${i}`).filter(
      (key) => armOf(key, "one", 50) === "candidate" && armOf(key, "two", 50) === "candidate",
    ).length;
    assert.ok(Math.abs(both - 1000) < 4 * Math.sqrt(4000 * 0.25 * 0.75), String(both));
  });
});

describe("assignmentPValue", () => {
  // scipy: exp(-(betaln(c+1, l+1) - c log(s) - l log1p(-s))), at most 1
  const cases: [number, number, number, number][] = [
    [0, 0, 0.5, 1],
    [5, 5, 0.5, 1],
    [5300, 4700, 0.5, 1.204364367133091e-6],
    [9100, 900, 0.1, 0.4530835058890141],
    [9300, 700, 0.1, 1.546675651929342e-22],
    [1_000_000, 1_004_000, 0.5, 1],
  ];
  for (const [live, candidate, share, expected] of cases) {
    it(`is ${expected} for ${live} and ${candidate} users at a share of ${share}`, () => {
      const found = assignmentPValue(live, candidate, share);
      assert.ok(Math.abs(found - expected) <= 1e-6 * expected, String(found));
    });
  }

  it("refuses a share that leaves an arm without users", () => {
    assert.throws(() => assignmentPValue(1, 1, 1), { message: "`share`: 1 must be > 0 and < 1" });
  });
});
