import assert from "node:assert/strict";
import { judgeFeatures } from "../../../../runtime/drift/judge";
import { driftReport, type DriftReport } from "../../../../runtime/drift/monitor/drift-report";
import { mergeSummary, summaryFromJSON, type FeatureSummary } from "../../../../runtime/drift/summary";
import { BASELINE, FakeClock, floats, follow, normalRows, sums, type Followed } from "./support";

const WINDOW = { windowSeconds: 20, minSamples: 200 };

const states = ({ monitor }: Followed) =>
  Object.fromEntries(monitor.judgement!.features.map(({ feature, state }) => [feature, state]));

const all = (state: string) => ({ "input:x[0]": state, "input:x[1]": state, "output:y": state });

async function seconds(followed: Followed, count: number, rows: number, shift?: number): Promise<void> {
  for (let i = 0; i < count; i++) await followed.second(rows, shift);
}

describe("DriftMonitor", () => {
  it("judges nothing before half a window has passed", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 9, 40);
    assert.equal(followed.monitor.judgement, undefined);
    await followed.second(40);
    assert.equal(followed.monitor.judgement!.window.rows, 360);
  });

  it("finds what is as it was in training stable, and says nothing", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 60, 50);
    assert.deepEqual(states(followed), all("stable"));
    assert.deepEqual(followed.logged, []);
    assert.equal(followed.monitor.rows, 3000);
  });

  it("judges windows that overlap by half", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 31, 10);
    const { window } = followed.monitor.judgement!;
    assert.equal(window.end - window.start, 20_000);
    assert.equal(window.end % 10_000, 0);
    // The second that ends with a pane is added to the next one.
    assert.equal(window.rows, 200);
    const before = window.start;
    await seconds(followed, 10, 10);
    assert.equal(followed.monitor.judgement!.window.start, before + 10_000);
  });

  it("finds a shift, says so once, and once when it is over", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 20, 50);
    await seconds(followed, 60, 50, 1.5);
    assert.deepEqual(states(followed), all("drifted"));
    assert.deepEqual(
      followed.logged.map(({ level, model, version, features, msg }) => ({
        level,
        model,
        version,
        features,
        msg,
      })),
      [
        {
          level: 40,
          model: "m",
          version: "1",
          features: 3,
          msg: "features have drifted from the model's baseline",
        },
      ],
    );
    const scores = followed.logged[0]!.scores as Record<string, number>;
    assert.deepEqual(Object.keys(scores).sort(), Object.keys(BASELINE.features).sort());
    assert.ok(Object.values(scores).every((score) => score > 0.2));
    await seconds(followed, 40, 50);
    assert.deepEqual(states(followed), all("stable"));
    assert.deepEqual(
      followed.logged.slice(1).map(({ level, msg }) => [level, msg]),
      [[40, "features are as in the model's baseline again"]],
    );
  });

  it("says nothing of too few rows, nor that a drift ended because of them", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 20, 9, 3);
    assert.deepEqual(states(followed), all("insufficient"));
    await seconds(followed, 40, 50, 3);
    await seconds(followed, 40, 1, 3);
    assert.deepEqual(states(followed), all("insufficient"));
    assert.equal(followed.logged.length, 1);
  });

  it("forgets what was before a pause of the process", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 20, 50, 3);
    followed.clock.time += 3_600_000;
    await seconds(followed, 11, 50);
    const { window } = followed.monitor.judgement!;
    assert.ok(window.rows <= 550 && window.end - window.start <= 20_000);
    assert.deepEqual(states(followed), all("stable"));
  });

  it("goes on where the clock is set back", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 20, 50);
    followed.clock.time -= 86_400_000;
    await seconds(followed, 20, 50, 3);
    assert.deepEqual(states(followed), all("drifted"));
  });

  it("summarises no more rows of a second than it may", async () => {
    const followed = follow({ ...WINDOW, maxRowsPerSecond: 20 });
    await seconds(followed, 10, 1000);
    assert.equal(followed.monitor.rows, 200);
  });

  it("draws rows of all places in a request and all requests of a second", async () => {
    const followed = follow({ windowSeconds: 2000, minSamples: 30, maxRowsPerSecond: 10 });
    const x = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? i / 2 : 0) / 50 - 1);
    for (let second = 0; second < 400; second++) {
      for (let at = 0; at < 200; at += 40) {
        const part = x.slice(at, at + 40);
        await followed.ask([floats("x", [20, 2], part)], [floats("y", [20, 1], sums(part))]);
      }
      followed.clock.pass(1);
    }
    followed.clock.pass(1000);
    const { mean, standardDeviation } = followed.monitor.judgement!.summaries.get("input:x[0]") as never;
    // Uniform on -1 to 0.98: mean -0.01, deviation 0.577; of 4,000 rows their errors are 0.009 and 0.004.
    assert.ok(Math.abs((mean as number) + 0.01) < 0.04, `mean ${mean}`);
    assert.ok(Math.abs((standardDeviation as number) - 0.577) < 0.02, `deviation ${standardDeviation}`);
  });

  it("counts a row when its request is answered, however late, and never of one that fails", async () => {
    const { monitor, clock } = follow({ ...WINDOW, minSamples: 1 });
    const x = floats("x", [3, 2], normalRows(3, 5));
    let answer!: (outputs: never[]) => void;
    monitor.begin({ inputs: [x] })!.follow(new Promise((resolve) => (answer = resolve)));
    monitor.begin({ inputs: [x] })!.follow(Promise.reject(new Error("the model failed")));
    clock.pass(5);
    await new Promise(setImmediate);
    clock.pass(1);
    assert.equal(monitor.rows, 0);
    answer([]);
    await new Promise(setImmediate);
    assert.equal(monitor.rows, 0, "nothing is done before the client has its answer");
    clock.settle();
    assert.equal(monitor.rows, 3);
  });

  it("has the rows of an answer without an output that is followed, too", async () => {
    const followed = follow({ ...WINDOW, minSamples: 30 });
    for (let i = 0; i < 21; i++) {
      await followed.ask([floats("x", [10, 2], normalRows(10, i))], []);
      followed.clock.pass(1);
    }
    assert.equal(states(followed)["input:x[0]"], "stable");
    assert.equal(states(followed)["output:y"], "insufficient");
  });

  it("never throws, whatever a request holds", async () => {
    const followed = follow({ ...WINDOW, minSamples: 1, outliers: { perRequest: true } });
    const hostile = [
      [],
      [floats("other", [1, 2], [1, 2])],
      [floats("x", [], [1])],
      [floats("x", [0, 2], [])],
      [floats("x", [3], [1, 2, 3])],
      [floats("x", [2, 2], [1, 2, 3])],
      [{ name: "x", datatype: "BYTES" as const, shape: [1, 2], data: ["", "a"] }],
      [{ name: "x", datatype: "INT64" as const, shape: [1, 2], data: BigInt64Array.of(2n ** 62n, -1n) }],
      [{ name: "x", datatype: "FP32" as const, shape: [1, 2], data: undefined as never }],
      [undefined as never],
    ];
    for (const inputs of hostile) {
      await followed.ask(inputs, inputs);
      followed.clock.pass(1);
    }
    await seconds(followed, 20, 30);
    assert.deepEqual(states(followed), all("stable"));
    const faults = followed.logged.filter(({ level }) => level === 50);
    assert.deepEqual(
      faults.map(({ msg }) => msg),
      ["rows could not be summarised for drift"],
      "a fault is said once",
    );
  });

  it("takes a window of NaN alone as missing, not as a number", async () => {
    const followed = follow({ ...WINDOW, minSamples: 100 });
    for (let i = 0; i < 21; i++) {
      const nothing = new Float32Array(40).fill(i % 2 === 0 ? NaN : Infinity);
      await followed.ask([floats("x", [20, 2], nothing)], [floats("y", [20, 1], nothing.slice(0, 20))]);
      followed.clock.pass(1);
    }
    assert.deepEqual(states(followed), all("drifted"));
    assert.match(
      await followed.metrics(),
      /slipway_drift_missing_ratio\{[^}]*feature="input:x\[0\]"[^}]*\} 1\n/,
    );
    assert.doesNotMatch(await followed.metrics(), /(NaN|Inf)$/m);
  });

  it("does no more in one turn of the event loop than requests may wait for", async () => {
    const { monitor, clock, ask } = follow({ ...WINDOW, maxRowsPerSecond: 100_000 });
    await ask(
      [floats("x", [20_000, 2], normalRows(20_000, 1))],
      [floats("y", [20_000, 1], new Float32Array(20_000))],
    );
    clock.time += 1000;
    monitor.tick();
    const turns = clock.settle();
    // A row of three values costs 31 units of 200,000 a turn.
    assert.ok(turns >= 4 && turns < 8, `${turns} turns`);
    assert.equal(monitor.rows, 20_000);
  });

  it("merges: two replicas' reports give the scores of all rows together", async () => {
    const clock = new FakeClock();
    const many = { ...WINDOW, maxRowsPerSecond: 200 };
    const [one, two, both] = [1, 2, 3].map((seed) => follow(many, { clock, seed }));
    for (let i = 0; i < 30; i++) {
      for (const [replica, rows, shift] of [
        [one!, 20, 0],
        [two!, 50, 0.8],
      ] as const) {
        const x = normalRows(rows, i * 100 + rows, shift);
        const request = [[floats("x", [rows, 2], x)], [floats("y", [rows, 1], sums(x))]] as const;
        await replica.ask(...request);
        await both!.ask(...request);
      }
      clock.pass(1);
    }
    const reports = [one!, two!].map(
      ({ monitor }) => JSON.parse(JSON.stringify(driftReport(monitor))) as DriftReport,
    );
    assert.equal(reports[0]!.window!.end, reports[1]!.window!.end);
    const merged = new Map<string, FeatureSummary>();
    for (const { window } of reports) {
      for (const [name, { summary }] of Object.entries(window!.features)) {
        const restored = summaryFromJSON(BASELINE.features[name]!, summary);
        const found = merged.get(name);
        if (found) mergeSummary(found, restored);
        else merged.set(name, restored);
      }
    }
    const together = judgeFeatures(BASELINE, merged, WINDOW);
    const expected = both!.monitor.judgement!.features;
    assert.equal(together.length, 3);
    together.forEach(({ feature, state, score, adjustedPValue }, i) => {
      assert.equal(feature, expected[i]!.feature);
      assert.equal(state, expected[i]!.state);
      assert.ok(Math.abs(score - expected[i]!.score) < 1e-12);
      assert.ok(Math.abs(adjustedPValue - expected[i]!.adjustedPValue) < 1e-12);
    });
    assert.notEqual(reports[0]!.window!.features["input:x[0]"]!.scores.psi, together[0]!.score);
  });
});

describe("driftReport", () => {
  it("says that nothing has been judged yet", () => {
    assert.deepEqual(driftReport(follow().monitor), {
      model_name: "m",
      model_version: "1",
      baseline_sha256: "b".repeat(64),
      settings: { window_seconds: 600, min_samples: 500, measure: "psi", threshold: 0.2, alpha: 0.01 },
      rows: 0,
      window: null,
    });
  });

  it("is JSON also where a window has nothing in it", () => {
    const { monitor, clock } = follow(WINDOW);
    clock.pass(10);
    const { window } = driftReport(monitor);
    assert.equal(window!.rows, 0);
    assert.equal(window!.start, "2027-01-15T08:00:00.000Z");
    assert.equal(window!.end, "2027-01-15T08:00:10.000Z");
    const { state, scores, samples, p_value } = window!.features["output:y"]!;
    assert.deepEqual({ state, samples, p_value }, { state: "insufficient", samples: 0, p_value: 1 });
    assert.deepEqual(scores, {
      psi: null,
      jensen_shannon: null,
      kolmogorov_smirnov: null,
      wasserstein: null,
    });
  });
});
