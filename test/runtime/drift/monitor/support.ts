import pino from "pino";
import { Registry } from "prom-client";
import type { Datatype, TensorData } from "../../../../runtime/dataplane/datatypes";
import type { InferRequest } from "../../../../runtime/dataplane/infer-request";
import type { ModelSpec } from "../../../../runtime/dataplane/model-spec";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import { BASELINE_FORMAT, type Baseline, type FeatureBaseline } from "../../../../runtime/drift/baseline";
import { modelLayouts, type FeatureSink, createTensorReader } from "../../../../runtime/drift/features";
import type { DriftConfig } from "../../../../runtime/drift/monitor/drift-config";
import type { DriftMonitor } from "../../../../runtime/drift/monitor/drift-monitor";
import { DriftWatch, type WatchClock } from "../../../../runtime/drift/monitor/drift-watch";
import { counted, createCollector, type Collector } from "../../../../runtime/drift/profile/collectors";
import { seededNormal, seededUniform } from "../../../../runtime/drift/projection";
import { createSummary } from "../../../../runtime/drift/summary";

/** A clock that stands still until a test moves it. */
export class FakeClock implements WatchClock {
  /** A multiple of every pane, so that windows begin where tests do. */
  time = 1_800_000_000_000;
  timers = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly callbacks = new Set<() => void>();

  now(): number {
    return this.time;
  }

  soon(callback: () => void): void {
    this.waiting.push(callback);
  }

  later(callback: () => void): void {
    this.waiting.push(callback);
  }

  every(ms: number, callback: () => void): () => void {
    if (ms !== 1000) throw new Error("The test knows seconds only.");
    this.timers++;
    this.callbacks.add(callback);
    return () => {
      this.timers--;
      this.callbacks.delete(callback);
    };
  }

  /** Runs what was put off. @returns turns of the event loop that it took */
  settle(): number {
    let turns = 0;
    while (this.waiting.length > 0) {
      turns++;
      for (const callback of this.waiting.splice(0)) callback();
    }
    return turns;
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.time += 1000;
      for (const callback of this.callbacks) callback();
      this.settle();
    }
  }
}

export const tensor = (name: string, datatype: Datatype, shape: number[], data: TensorData): Tensor => ({
  name,
  datatype,
  shape,
  data,
});

export const floats = (name: string, shape: number[], data: ArrayLike<number>): Tensor =>
  tensor(name, "FP32", shape, Float32Array.from(data));

/** What `slipway baseline` would make of tensors. */
export function baselineOf(
  spec: ModelSpec,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[] = [],
): Baseline {
  const collectors = new Map<string, Collector>();
  const layouts = modelLayouts(spec).filter(({ tensor: key }) =>
    [...inputs.map(({ name }) => `input:${name}`), ...outputs.map(({ name }) => `output:${name}`)].includes(
      key,
    ),
  );
  for (const layout of layouts) {
    for (const feature of layout.features) collectors.set(feature, createCollector(layout.datatype));
    const [side, name] = [layout.tensor.split(":")[0], layout.tensor.split(":")[1]];
    const { data } = (side === "input" ? inputs : outputs).find((each) => each.name === name)!;
    createTensorReader(layout, (feature) => collectors.get(feature) as FeatureSink)!(data);
  }
  const features = [...collectors].map(([name, collector]): [string, FeatureBaseline] => {
    const frame = collector.frame(10)!;
    const summary = createSummary(frame);
    collector.countInto(summary);
    return [name, counted(frame, summary)];
  });
  const projections = layouts.flatMap(({ tensor: key, projection }) =>
    projection ? [[key, projection]] : [],
  );
  return {
    format: BASELINE_FORMAT,
    data: { file: "train.npy", sha256: "0".repeat(64), rows: inputs[0]!.shape[0]! },
    features: Object.fromEntries(features),
    ...(projections.length > 0 ? { projections: Object.fromEntries(projections) } : {}),
  };
}

/** One input `x` of two numbers a row, one output `y` of one. */
export const SPEC: ModelSpec = {
  inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
};

/** Rows of two normal numbers each, by a seed. */
export function normalRows(rows: number, seed: number, shift = 0): Float32Array {
  const normal = seededNormal(seed);
  return Float32Array.from({ length: rows * 2 }, () => normal() + shift);
}

/** What the model of `SPEC` answers: the sum of each row. */
export function sums(x: Float32Array): Float32Array {
  return Float32Array.from({ length: x.length / 2 }, (_, i) => x[2 * i]! + x[2 * i + 1]!);
}

const TRAINING = normalRows(5000, 1);
export const BASELINE = baselineOf(
  SPEC,
  [floats("x", [5000, 2], TRAINING)],
  [floats("y", [5000, 1], sums(TRAINING))],
);

export interface Followed {
  readonly monitor: DriftMonitor;
  readonly watch: DriftWatch;
  readonly clock: FakeClock;
  readonly logged: Record<string, unknown>[];
  metrics(): Promise<string>;
  /** A request that is answered at once. */
  ask(inputs: readonly Tensor[], outputs: readonly Tensor[]): Promise<InferRequest>;
  /** Rows of `SPEC`'s model, one request each second. */
  second(rows: number, shift?: number): Promise<void>;
}

/** A watch with one version, `m/1`. */
export function follow(
  config: DriftConfig = {},
  { spec = SPEC, baseline = BASELINE, maxVersions = 1000, clock = new FakeClock(), seed = 1 } = {},
): Followed {
  const logged: Record<string, unknown>[] = [];
  const log = pino(
    { base: undefined, timestamp: false },
    { write: (line: string) => void logged.push(JSON.parse(line) as never) },
  );
  const registry = new Registry();
  const watch = new DriftWatch({ registry, log, maxVersions, clock, random: seededUniform(seed) });
  const monitor = watch.open({
    model: "m",
    version: "1",
    baseline,
    baselineSha256: "b".repeat(64),
    spec,
    config,
  });
  let drawn = seed;
  const ask = async (inputs: readonly Tensor[], outputs: readonly Tensor[]) => {
    const request: InferRequest = { inputs };
    monitor.begin(request)?.follow(Promise.resolve(outputs));
    await Promise.resolve();
    await Promise.resolve();
    clock.settle();
    return request;
  };
  const second = async (rows: number, shift = 0) => {
    const x = normalRows(rows, ++drawn * 7919, shift);
    await ask([floats("x", [rows, 2], x)], [floats("y", [rows, 1], sums(x))]);
    clock.pass(1);
  };
  return { monitor, watch, clock, logged, metrics: () => registry.metrics(), ask, second };
}
