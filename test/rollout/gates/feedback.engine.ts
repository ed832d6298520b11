import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { FeedbackGate } from "../../../rollout/declaration";
import { measure } from "../../../rollout/gates/judge";
import type { PrometheusReader } from "../../../rollout/gates/prometheus-reader";
import { systemClock } from "../../../runtime/batching/clock";
import { Feedback } from "../../../runtime/feedback/feedback";
import { registerFeedbackMetrics } from "../../../runtime/feedback/feedback-metrics";
import type { FeedbackConfig } from "../../../runtime/models/model-config-types";
import { eventually, startPrometheus, type RealPrometheus } from "../support/real-prometheus";
import { Scraped } from "../support/scraped";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const RULES: Record<string, FeedbackConfig> = {
  spam: { output: "y", task: "binary" },
  price: { output: "y", task: "regression" },
};

/** A pod that takes feedback, as its server shows what came of it. */
class Pod extends Scraped {
  private readonly feedback = new Feedback({
    configOf: (model) => RULES[model],
    log: { warn: () => undefined } as never,
    clock: systemClock,
  });
  private count = 0;

  constructor() {
    super();
    const { feedback } = this;
    registerFeedbackMetrics(this.metrics.registry, {
      models: () => feedback.models(),
      now: () => feedback.now,
      maxVersions: 100,
    });
  }

  /** So many answers of one kind, with their truth. */
  graded(model: string, count: number, prediction: number, truth: number): void {
    const feedback = Array.from({ length: count }, () => ({
      requestId: `r${this.count++}`,
      truth,
      prediction,
      version: "1",
    }));
    this.feedback.take(model, { feedback }, { version: undefined, hasVersion: () => true });
  }
}

describe("a feedback gate asked of a real Prometheus", function () {
  this.timeout(120_000);
  const [blue, green, former] = [new Pod(), new Pod(), new Pod()];
  let prometheus: RealPrometheus;
  let reader: PrometheusReader;

  before(async () => {
    prometheus = await startPrometheus(names.namespace, [
      { service: names.liveService, port: await blue.listen() },
      { service: names.service, port: await green.listen() },
      { service: names.service, port: await former.listen(), pod: "text-green-0" },
    ]);
    ({ reader } = prometheus);
  });
  after(async () => {
    await prometheus.close();
    for (const pod of [blue, green, former]) pod.close();
  });

  const gate = (settings: Partial<FeedbackGate>) =>
    ({ kind: "feedback", name: "g", model: "spam", minimumSamples: 50, ...settings }) as FeedbackGate;
  // Asked since a second ago: who had the slot before does not count.
  const read = (settings: Partial<FeedbackGate>) =>
    measure(gate(settings), { ...names, watchedSeconds: 1 }, reader);

  it("adds up what the pods that are there have graded, and asks for enough of it", async () => {
    const few = await read({ metric: "accuracy", threshold: 0.5 });
    assert.deepEqual(
      [few.verdict, few.reason],
      ["inconclusive", 'text-green had the truth about 0 samples of "spam" in 3600 s, fewer than 50'],
    );
    // Who had the slot before was always wrong, and goes.
    former.graded("spam", 500, 1, 0);
    await eventually(
      () => reader.read('sum(slipway_quality_graded_total{pod="text-green-0"})'),
      (reading) => "number" in reading && reading.number === 500,
    );
    former.close();
    await eventually(
      () => reader.read('count(slipway_server_ready{service="text-green"})'),
      (reading) => "number" in reading && reading.number === 1,
    );
    // 60 hits, 20 false alarms, 10 misses, 10 rightly passed.
    green.graded("spam", 60, 0.9, 1);
    green.graded("spam", 20, 0.9, 0);
    green.graded("spam", 10, 0.1, 1);
    green.graded("spam", 10, 0.1, 0);
    green.graded("price", 30, 12, 10);
    green.graded("price", 30, 10, 14);
    const accuracy = await eventually(
      () => read({ metric: "accuracy", threshold: 0.71 }),
      ({ verdict }) => verdict !== "inconclusive",
    );
    assert.deepEqual(
      [accuracy.verdict, accuracy.reason],
      ["failed", "the accuracy by feedback is 0.7, less than 0.71"],
    );
    const expected = { precision: 60 / 80, recall: 60 / 70, f1: 120 / 150, rmse: Math.sqrt(10), mae: 3 };
    for (const [metric, value] of Object.entries(expected)) {
      const model = metric === "rmse" || metric === "mae" ? "price" : "spam";
      const outcome = await read({
        metric: metric as FeedbackGate["metric"],
        model,
        threshold: value > 1 ? 5 : 0.5,
      });
      assert.equal(outcome.verdict, "passed", outcome.reason);
      assert.ok(Math.abs(outcome.value! - value) < 1e-9, `${metric} is ${outcome.value}, not ${value}`);
    }
  });

  it("compares with the live slot once that has as many samples", async () => {
    const compared = { metric: "accuracy", notWorseThanLiveBy: 0.05 } as const;
    blue.graded("spam", 40, 1, 1);
    await sleep(2500);
    const silent = await read(compared);
    assert.equal(silent.verdict, "inconclusive");
    assert.match(
      silent.reason,
      /^the live slot's cannot be told, so the accuracy by feedback has nothing to compare/,
    );
    blue.graded("spam", 40, 1, 1);
    const worse = await eventually(
      () => read(compared),
      ({ verdict }) => verdict !== "inconclusive",
    );
    assert.deepEqual(
      [worse.verdict, worse.reason],
      ["failed", "the accuracy by feedback is 0.7, more than 0.05 below the live slot's 1"],
    );
    const even = await read({ ...compared, notWorseThanLiveBy: 0.3 });
    assert.equal(even.verdict, "passed", even.reason);
  });
});
