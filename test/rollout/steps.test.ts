import assert from "node:assert";
import type { CanaryStrategy, Strategy } from "../../rollout/declaration";
import { canaryWeights, stepsOf } from "../../rollout/steps";

describe("canaryWeights", () => {
  const cases: [Omit<CanaryStrategy, "kind">, readonly number[]][] = [
    [{}, [5, 10, 25, 50]],
    [{ stepWeights: [1, 99] }, [1, 99]],
    [{ weight: 10, increment: 20, maxWeight: 50 }, [10, 30, 50]],
    [{ weight: 10, increment: 25, maxWeight: 50 }, [10, 35, 50]],
    [{ weight: 50, increment: 10, maxWeight: 50 }, [50]],
    [{ weight: 1, increment: 100, maxWeight: 100 }, [1, 100]],
    [{ weight: 1, increment: 1, maxWeight: 3 }, [1, 2, 3]],
  ];
  for (const [declared, expected] of cases) {
    it(`of ${JSON.stringify(declared)} are ${expected.join(", ")}`, () => {
      assert.deepEqual(canaryWeights({ kind: "canary", ...declared }), expected);
    });
  }

  for (const increment of [0, -1, NaN]) {
    it(`end also where the increment is ${increment}, which is refused elsewhere`, () => {
      assert.deepEqual(canaryWeights({ kind: "canary", weight: 1, increment, maxWeight: 50 }), []);
    });
  }
});

describe("stepsOf", () => {
  const cases: [Strategy, readonly number[]][] = [
    [{ kind: "blueGreen" }, []],
    [{ kind: "shadow" }, []],
    [{ kind: "canary", stepWeights: [20] }, [20]],
    [{ kind: "abTest" }, [50]],
    [{ kind: "abTest", share: 10 }, [10]],
  ];
  for (const [strategy, expected] of cases) {
    it(`of ${JSON.stringify(strategy)} are [${expected.join(", ")}]`, () => {
      assert.deepEqual(stepsOf(strategy), expected);
    });
  }
});
