import assert from "node:assert/strict";
import type { MeasuringGate } from "../../../rollout/declaration";
import { judge, measure, type Measurement } from "../../../rollout/gates/judge";
import type { Verdict } from "../../../rollout/outcome";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const number = (value: number) => ({ number: value });
const nothing = (why: string) => ({ nothing: why });
const fresh = { age: number(8) };

describe("judge", () => {
  const errors: MeasuringGate = { kind: "errorRate", name: "g" };
  const compared: MeasuringGate = { kind: "comparison", name: "g", minimumSamples: 50 };
  const latency: MeasuringGate = { kind: "latency", name: "g", maxSeconds: 0.25 };
  const own: MeasuringGate = { kind: "prometheus", name: "g", query: "x", min: 1, max: 3 };
  const recall: MeasuringGate = {
    kind: "feedback",
    name: "g",
    model: "ocr",
    metric: "recall",
    threshold: 0.9,
  };
  const rmse: MeasuringGate = {
    kind: "feedback",
    name: "g",
    model: "ocr",
    metric: "rmse",
    notWorseThanLiveBy: 0.5,
    segment: "country=DE",
    window: 600,
    minimumSamples: 20,
  };
  const cases: [string, MeasuringGate, Measurement, Verdict, number | null, string][] = [
    [
      "passes an error rate at its bound",
      errors,
      { value: number(1), ...fresh },
      "passed",
      1,
      "the error rate is 1 %, at most 1 % as it must be",
    ],
    [
      "fails a quantile beyond the histogram's end, whatever bound there is",
      { kind: "latency", name: "g", notSlowerThanLiveBy: 50 },
      { value: number(63), live: number(60), ...fresh },
      "failed",
      63,
      "p99 is beyond 63 s, where the server's histogram ends",
    ],
    [
      "fails an error rate above it, in as many digits as it takes",
      errors,
      { value: number(1.00004), ...fresh },
      "failed",
      1.00004,
      "the error rate is 1.00004 %, more than 1 %",
    ],
    [
      "passes a recall by feedback at its bound",
      recall,
      { value: number(0.9), samples: number(99.7), ...fresh },
      "passed",
      0.9,
      "the recall by feedback is 0.9, at least 0.9 as it must be",
    ],
    [
      "fails a recall by feedback below it",
      recall,
      { value: number(0.85), samples: number(400), ...fresh },
      "failed",
      0.85,
      "the recall by feedback is 0.85, less than 0.9",
    ],
    [
      "says nothing of feedback on too few samples",
      recall,
      { value: number(1), samples: number(99), ...fresh },
      "inconclusive",
      null,
      'text-green had the truth about 99 samples of "ocr" in 3600 s, fewer than 100',
    ],
    [
      "says nothing without any feedback",
      { ...recall, minimumSamples: 0 } as MeasuringGate,
      { value: nothing("no series"), samples: nothing("no series"), ...fresh },
      "inconclusive",
      null,
      'text-green had the truth about 0 samples of "ocr" in 3600 s, fewer than 1',
    ],
    [
      "passes an error that is hardly larger than the live slot's",
      rmse,
      { value: number(2.5), live: number(2), samples: number(20), ...fresh },
      "passed",
      2.5,
      "the RMSE by feedback on country=DE is 2.5, not more than 0.5 above the live slot's 2",
    ],
    [
      "fails an error that is",
      rmse,
      { value: number(2.6), live: number(2), samples: number(20), ...fresh },
      "failed",
      2.6,
      "the RMSE by feedback on country=DE is 2.6, more than 0.5 above the live slot's 2",
    ],
    [
      "passes an accuracy at the margin, however the difference is rounded",
      { ...recall, threshold: undefined, metric: "accuracy", notWorseThanLiveBy: 0.1 } as MeasuringGate,
      { value: number(0.2), live: number(0.30000000000000004), samples: number(100), ...fresh },
      "passed",
      0.2,
      "the accuracy by feedback is 0.2, not more than 0.1 below the live slot's 0.3",
    ],
    [
      "fails an accuracy that is worse than the live slot's, whatever its threshold",
      { ...recall, metric: "accuracy", threshold: 0.5, notWorseThanLiveBy: 0.05 } as MeasuringGate,
      { value: number(0.8), live: number(0.9), samples: number(100), ...fresh },
      "failed",
      0.8,
      "the accuracy by feedback is 0.8, more than 0.05 below the live slot's 0.9",
    ],
    [
      "says nothing where the live slot has too little feedback to compare with",
      rmse,
      { value: number(1), live: nothing("no series"), samples: number(20), ...fresh },
      "inconclusive",
      1,
      "the live slot's cannot be told, so the RMSE by feedback on country=DE has nothing to compare with: no series",
    ],
    [
      "passes answers that hardly differ",
      compared,
      { value: number(0.5), samples: number(50), ...fresh },
      "passed",
      0.5,
      "the share of requests whose answers differ is 0.5 %, at most 1 % as it must be",
    ],
    [
      "says nothing where the comparator began anew within the window",
      compared,
      { value: number(0), samples: number(70), restart: number(11.6), ...fresh },
      "inconclusive",
      null,
      "text-comparator began anew 12 s ago, and not all of the last 60 s is in its numbers",
    ],
    [
      "passes once it has compared for a whole window",
      compared,
      { value: number(0), samples: number(70), restart: number(60), ...fresh },
      "passed",
      0,
      "the share of requests whose answers differ is 0 %, at most 1 % as it must be",
    ],
    [
      "fails answers that differ",
      compared,
      { value: number(12), samples: number(50), ...fresh },
      "failed",
      12,
      "the share of requests whose answers differ is 12 %, more than 1 %",
    ],
    [
      "says nothing where too few were compared",
      compared,
      { value: number(0), samples: number(49), ...fresh },
      "inconclusive",
      null,
      "text-comparator compared 49 requests in 60 s, fewer than 50",
    ],
    [
      "says nothing where the comparator is not heard of",
      compared,
      { value: number(0), samples: number(50), age: number(100) },
      "inconclusive",
      null,
      "the newest numbers of text-comparator are 100 s old, more than 60 s",
    ],
    [
      "fails a p99 above its bound",
      latency,
      { value: number(0.31234567), ...fresh },
      "failed",
      0.31234567,
      "p99 is 0.3123 s, more than 0.25 s",
    ],
    [
      "names the quantile",
      { ...latency, quantile: 0.999 },
      { value: number(0.1), ...fresh },
      "passed",
      0.1,
      "p99.9 is 0.1 s, at most 0.25 s as it must be",
    ],
    [
      "passes a number between its bounds",
      own,
      { value: number(1) },
      "passed",
      1,
      "the query's number is 1, at least 1 and at most 3 as it must be",
    ],
    [
      "fails a number below the least",
      own,
      { value: number(0.5) },
      "failed",
      0.5,
      "the query's number is 0.5, less than 1",
    ],
    [
      "fails a number above the most",
      own,
      { value: number(3.5) },
      "failed",
      3.5,
      "the query's number is 3.5, more than 3",
    ],
    [
      "is inconclusive without a number",
      own,
      { value: nothing("Prometheus has no data for it") },
      "inconclusive",
      null,
      "the query's number cannot be told: Prometheus has no data for it",
    ],
    [
      "is inconclusive with too few requests, whatever the number",
      { ...errors, minimumSamples: 50 },
      { value: number(100), samples: number(12), ...fresh },
      "inconclusive",
      null,
      "text-green answered 12 requests in 60 s, fewer than 50",
    ],
    [
      "is inconclusive where nobody knows how many requests there were",
      { ...own, minimumSamples: 1 },
      { value: number(2), samples: nothing("Prometheus has no data for it") },
      "inconclusive",
      null,
      "it is not known how many requests text-green had: Prometheus has no data for it",
    ],
    [
      "judges from the least number of requests on",
      { ...own, minimumSamples: 50 },
      { value: number(2), samples: number(50) },
      "passed",
      2,
      "the query's number is 2, at least 1 and at most 3 as it must be",
    ],
    [
      "is inconclusive where the numbers are old",
      errors,
      { value: number(0), age: number(130.4) },
      "inconclusive",
      null,
      "the newest numbers of text-green are 130 s old, more than 60 s",
    ],
    [
      "is inconclusive where Prometheus never heard of the candidate",
      errors,
      { value: number(0), age: nothing("Prometheus has no data for it") },
      "inconclusive",
      null,
      "nothing is known of text-green: Prometheus has no data for it",
    ],
    [
      "passes what is no worse than the live slot",
      { ...errors, notWorseThanLiveBy: 0.5 },
      { value: number(0.75), live: number(0.25), ...fresh },
      "passed",
      0.75,
      "the error rate is 0.75 %, not more than 0.5 percentage points above the live slot's 0.25 %",
    ],
    [
      "fails what is worse than the live slot",
      { ...errors, notWorseThanLiveBy: 0.5 },
      { value: number(0.8), live: number(0.25), ...fresh },
      "failed",
      0.8,
      "the error rate is 0.8 %, more than 0.5 percentage points above the live slot's 0.25 %",
    ],
    [
      "fails what is slower than the live slot",
      { kind: "latency", name: "g", notSlowerThanLiveBy: 50 },
      { value: number(0.31), live: number(0.2), ...fresh },
      "failed",
      0.31,
      "p99 is 0.31 s, more than 50 % above the live slot's 0.2 s",
    ],
    [
      "is inconclusive without the live slot's number",
      { ...errors, notWorseThanLiveBy: 0.5 },
      { value: number(0.1), live: nothing("there is nothing to compute it from (NaN)"), ...fresh },
      "inconclusive",
      0.1,
      "the live slot's cannot be told, so the error rate has nothing to compare with: there is nothing to compute it from (NaN)",
    ],
    [
      "fails at its own bound whatever is known of the live slot",
      { ...errors, notWorseThanLiveBy: 0.5 },
      { value: number(7), live: nothing("Prometheus has no data for it"), ...fresh },
      "failed",
      7,
      "the error rate is 7 %, more than 1 %",
    ],
  ];
  for (const [name, gate, measurement, verdict, value, reason] of cases) {
    it(name, () => {
      const { min: _min, max: _max, ...outcome } = judge(gate, names, measurement);
      assert.deepEqual(outcome, { gate: "g", verdict, value, reason });
    });
  }
});

describe("the bounds of an outcome", () => {
  const bounds = (gate: MeasuringGate, live?: Measurement["live"]) => {
    const { min, max } = judge(gate, names, { value: number(0), live, ...fresh });
    return [min, max];
  };
  it("are those that the gate has", () => {
    assert.deepEqual(bounds({ kind: "prometheus", name: "g", query: "x", min: -1 }), [-1, undefined]);
    assert.deepEqual(bounds({ kind: "errorRate", name: "g" }), [undefined, 1]);
  });
  it("are the strictest where the live slot sets one as well", () => {
    const gate = { kind: "latency", name: "g", maxSeconds: 0.5, notSlowerThanLiveBy: 50 } as const;
    assert.deepEqual(bounds(gate, number(0.2)), [undefined, 0.2 * 1.5]);
    assert.deepEqual(bounds(gate, number(2)), [undefined, 0.5]);
    assert.deepEqual(bounds(gate, nothing("x")), [undefined, 0.5]);
    const feedback = {
      kind: "feedback",
      name: "g",
      model: "m",
      threshold: 0.5,
      notWorseThanLiveBy: 0.25,
    } as const;
    assert.deepEqual(bounds({ ...feedback, metric: "f1" }, number(0.6)), [0.5, undefined]);
    assert.deepEqual(bounds({ ...feedback, metric: "f1" }, number(0.875)), [0.625, undefined]);
    assert.deepEqual(bounds({ ...feedback, metric: "mae" }, number(0.125)), [undefined, 0.375]);
  });
});

describe("measure", () => {
  it("hands each query's answer to the place it was asked for", async () => {
    const gate: MeasuringGate = { kind: "errorRate", name: "g", notWorseThanLiveBy: 1, minimumSamples: 10 };
    const asked: string[] = [];
    const outcome = await measure(gate, names, {
      read(query) {
        asked.push(query);
        if (query.startsWith("time()")) return Promise.resolve(number(3));
        if (query.startsWith("sum(")) return Promise.resolve(number(11));
        return Promise.resolve(number(query.includes("text-blue") ? 0 : 0.9));
      },
    });
    assert.equal(asked.length, 4);
    assert.equal(outcome.verdict, "passed");
    assert.equal(outcome.value, 0.9);
  });
});
