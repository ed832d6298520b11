import assert from "node:assert/strict";
import { DRIFT_METRIC } from "../../../../runtime/contract";
import type { ModelSpec } from "../../../../runtime/dataplane/model-spec";
import { DRIFT_METRICS } from "../../../../runtime/drift/monitor/drift-metrics";
import { BASELINE, baselineOf, FakeClock, floats, follow, normalRows, SPEC, type Followed } from "./support";

const WINDOW = { windowSeconds: 20, minSamples: 100 };

/** Samples of the metrics that begin so, without the rest of the text. */
async function samples({ metrics }: Pick<Followed, "metrics">, name: string): Promise<string[]> {
  return (await metrics()).split("\n").filter((line) => line.startsWith(`${name}{`));
}

async function seconds(followed: Followed, count: number, rows: number, shift?: number): Promise<void> {
  for (let i = 0; i < count; i++) await followed.second(rows, shift);
}

describe("the metrics of drift", () => {
  it("say before the first window that nothing is known", async () => {
    const text = (await follow(WINDOW).metrics()).split("\n").filter((line) => line && !line.startsWith("#"));
    assert.deepEqual(text, [
      'slipway_drift_features{model="m",version="1",state="drifted"} 0',
      'slipway_drift_features{model="m",version="1",state="stable"} 0',
      'slipway_drift_features{model="m",version="1",state="insufficient"} 3',
      'slipway_drift_window_seconds{model="m",version="1"} 20',
      'slipway_drift_rows_total{model="m",version="1"} 0',
    ]);
  });

  it("are those of the contract, each with its type and a meaning", async () => {
    const text = await follow().metrics();
    const heads = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    const expected = Object.entries(DRIFT_METRICS).map(([key, { type }]) => [
      DRIFT_METRIC[key as keyof typeof DRIFT_METRIC],
      type,
    ]);
    assert.deepEqual(heads.sort(), expected.sort());
  });

  it("have every measure of every feature after a window, and change when it drifts", async () => {
    const followed = follow(WINDOW);
    await seconds(followed, 20, 50);
    const before = await samples(followed, "slipway_drift_score");
    assert.deepEqual(
      before.map((line) => line.slice(0, line.lastIndexOf(" "))),
      Object.keys(BASELINE.features).flatMap((feature) =>
        ["psi", "jensen_shannon", "kolmogorov_smirnov", "wasserstein"].map(
          (measure) => `slipway_drift_score{model="m",version="1",feature="${feature}",measure="${measure}"}`,
        ),
      ),
    );
    assert.deepEqual(
      (await samples(followed, "slipway_drift_features")).map((line) => line.split("state=")[1]),
      ['"drifted"} 0', '"stable"} 3', '"insufficient"} 0'],
    );
    assert.equal((await samples(followed, "slipway_drift_p_value")).length, 3);
    await seconds(followed, 40, 50, 2);
    assert.deepEqual(
      (await samples(followed, "slipway_drift_features")).map((line) => line.split("state=")[1]),
      ['"drifted"} 3', '"stable"} 0', '"insufficient"} 0'],
    );
    const wasserstein = (await samples(followed, "slipway_drift_score")).find((line) =>
      line.includes('feature="input:x[0]",measure="wasserstein"'),
    )!;
    // A mean that moves by two standard deviations is two of them away; ten bins tell no more than about.
    const distance = Number(wasserstein.split(" ")[1]);
    assert.ok(distance > 1.5 && distance < 3, wasserstein);
    assert.deepEqual(await samples(followed, "slipway_drift_window_rows"), [
      'slipway_drift_window_rows{model="m",version="1"} 1000',
    ]);
    assert.deepEqual(await samples(followed, "slipway_drift_rows_total"), [
      'slipway_drift_rows_total{model="m",version="1"} 3000',
    ]);
    assert.deepEqual(await samples(followed, "slipway_drift_last_judged_timestamp_seconds"), [
      'slipway_drift_last_judged_timestamp_seconds{model="m",version="1"} 1800000060',
    ]);
  });

  it("give the ratio of what is missing, also of windows that are too short to judge", async () => {
    const followed = follow(WINDOW);
    await followed.ask(
      [floats("x", [4, 2], [NaN, 1, 0, Infinity, 0, 1, 0, 1])],
      [floats("y", [4, 1], [0, 0, 0, 0])],
    );
    followed.clock.pass(10);
    await followed.second(1);
    followed.clock.pass(10);
    assert.deepEqual(await samples(followed, "slipway_drift_missing_ratio"), [
      'slipway_drift_missing_ratio{model="m",version="1",feature="input:x[0]"} 0.2',
      'slipway_drift_missing_ratio{model="m",version="1",feature="input:x[1]"} 0.2',
      'slipway_drift_missing_ratio{model="m",version="1",feature="output:y"} 0',
    ]);
    assert.deepEqual(await samples(followed, "slipway_drift_p_value"), []);
  });

  it("name no more features than `maxFeatures`: the drifted ones, then the baseline's first", async () => {
    const spec: ModelSpec = {
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 8] }],
      outputs: SPEC.outputs,
    };
    const baseline = baselineOf(spec, [floats("x", [1000, 8], normalRows(4000, 1))]);
    const followed = follow({ ...WINDOW, maxFeatures: 3 }, { spec, baseline });
    const send = async (drifted: readonly number[]) => {
      for (let i = 0; i < 20; i++) {
        const x = normalRows(200, i + 1).map((value, at) =>
          drifted.includes(at % 8) ? value + (at % 8) - 4 : value,
        );
        await followed.ask([floats("x", [50, 8], x)], []);
        followed.clock.pass(1);
      }
    };
    const named = async () =>
      (await samples(followed, "slipway_drift_p_value")).map((line) => /\[(\d)\]/.exec(line)![1]);
    await send([]);
    assert.deepEqual(await named(), ["0", "1", "2"]);
    await send([5]);
    await send([5, 7]);
    await send([5, 7]);
    assert.deepEqual(await named(), ["7", "5", "0"]);
    assert.equal((await samples(followed, "slipway_drift_features"))[0]!.split(" ")[1], "2");
  });

  it("have no series of versions beyond `--max-metric-models`", async () => {
    const followed = follow(WINDOW, { maxVersions: 1 });
    const { monitor } = followed;
    followed.watch.open({ ...monitor.options, version: "2" });
    assert.equal((await samples(followed, "slipway_drift_rows_total")).length, 1);
  });
});

describe("DriftWatch", () => {
  it("ends a version's series with it, and its timer with the last", async () => {
    const clock = new FakeClock();
    const followed = follow(WINDOW, { clock });
    const second = followed.watch.open({ ...followed.monitor.options, version: "2" });
    assert.equal(clock.timers, 1);
    followed.monitor.close();
    assert.deepEqual(await samples(followed, "slipway_drift_rows_total"), [
      'slipway_drift_rows_total{model="m",version="2"} 0',
    ]);
    second.close();
    assert.deepEqual(await samples(followed, "slipway_drift_rows_total"), []);
    assert.equal(clock.timers, 0);
    followed.watch.open(followed.monitor.options);
    assert.equal(clock.timers, 1);
    assert.equal((await samples(followed, "slipway_drift_rows_total")).length, 1);
  });

  it("has one series of a version that is loaded anew while its old load still serves", async () => {
    const followed = follow(WINDOW);
    await followed.second(10);
    const { monitor: old } = followed;
    followed.watch.open(old.options);
    assert.deepEqual(await samples(followed, "slipway_drift_rows_total"), [
      'slipway_drift_rows_total{model="m",version="1"} 0',
    ]);
    old.close();
    assert.equal((await samples(followed, "slipway_drift_rows_total")).length, 1);
  });
});
