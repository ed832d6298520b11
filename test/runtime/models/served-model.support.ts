import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import pino from "pino";
import type { TensorData } from "../../../runtime/dataplane/datatypes";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { ModelMetrics, RunCost } from "../../../runtime/metrics/model-metrics";
import type { ModelConfig } from "../../../runtime/models/model-config";
import { ServedModel, type ServedModelOptions } from "../../../runtime/models/served-model";
import type { Loaded, RunMessage, WorkerInit } from "../../../runtime/models/worker-protocol";

const spec = (name: string, shape: number[]) => ({ name, datatype: "float32", shape });

/** A worker with the inputs `x` and `k` and the outputs `double` (2x) and `copy` (x), run when the test says so. */
export class ManualWorker extends EventEmitter {
  readonly runs: RunMessage[] = [];
  closed = false;

  constructor(
    readonly init: WorkerInit,
    loaded: Partial<Loaded>,
  ) {
    super();
    const signature = {
      inputs: [spec("x", [-1, -1])],
      outputs: [spec("double", [-1, -1]), spec("copy", [-1, -1])],
    };
    setImmediate(() => this.emit("message", { signature, providers: ["cpu"], ...loaded }));
  }

  postMessage(message: RunMessage | string, transfer?: ArrayBuffer[]): void {
    if (typeof message === "string") {
      this.closed = true;
      setImmediate(() => this.emit("exit", 0));
    } else this.runs.push(structuredClone(message, { transfer }));
  }

  /** Answers the oldest run. */
  answer(rows?: number, seconds = 0.25): void {
    const [id, fetch, dims, data] = this.runs.shift()!;
    const x = data[0] as Float32Array;
    const all = [x.map((value) => 2 * value), x.slice()];
    const shape = rows === undefined ? dims[0]! : [rows, ...dims[0]!.slice(1)];
    const places = fetch ?? [0, 1];
    this.emit("message", [id, seconds, places.map(() => shape), places.map((place) => all[place]!)]);
  }

  refuse(reason: string): void {
    this.emit("message", [this.runs.shift()![0], reason]);
  }

  crash(): void {
    this.runs.length = 0;
    this.emit("exit", 1);
  }
}

/** What a model reported. */
export class Reported implements ModelMetrics {
  readonly costs: RunCost[] = [];
  readonly chosen: [number, number][] = [];
  hits = 0;
  misses = 0;
  queuedCount = 0;
  counts: () => { inflight: number; pending: number; cacheBytes: number } = () => {
    throw new Error("not observed");
  };
  succeeded(): void {}
  failed(): void {}
  ran(cost: RunCost): void {
    this.costs.push(cost);
  }
  queued(): void {
    this.queuedCount++;
  }
  serialised(): void {}
  cacheHit(): void {
    this.hits++;
  }
  cacheMiss(): void {
    this.misses++;
  }
  batchingChosen(rows: number, delay: number): void {
    this.chosen.push([rows, delay]);
  }
  workerRestarted(): void {}
  ready(): void {}
  loaded(): void {}
  memory(): void {}
  observe(counts: () => { inflight: number; pending: number; cacheBytes: number }): void {
    this.counts = counts;
  }
  remove(): void {}
}

export interface Setup {
  readonly model: ServedModel;
  readonly workers: ManualWorker[];
  readonly metrics: Reported;
  readonly logged: string[];
}

export async function load(
  config: Partial<ModelConfig> = {},
  options: Partial<ServedModelOptions> = {},
  loaded: Partial<Loaded> = {},
): Promise<Setup> {
  const workers: ManualWorker[] = [];
  const metrics = new Reported();
  const logged: string[] = [];
  const log = pino(
    { level: "info" },
    { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const model = await ServedModel.load({
    name: "m",
    version: "1",
    file: "model.onnx",
    config: { sha256: {}, ...config },
    instances: 1,
    intraOpThreads: 1,
    maxQueueSize: 8,
    metrics,
    log,
    spawn: (init) => {
      const worker = new ManualWorker(init, loaded);
      workers.push(worker);
      return worker as unknown as Worker;
    },
    ...options,
  });
  return { model, workers, metrics, logged };
}

/** A request of rows that each hold one value `width` times. */
export function request(
  values: number | readonly number[],
  options: Partial<InferRequest> & { width?: number } = {},
): InferRequest {
  const { width = 1, ...rest } = options;
  const rows = typeof values === "number" ? [values] : values;
  const data = Float32Array.from(rows.flatMap((value) => Array<number>(width).fill(value)));
  return { inputs: [{ name: "x", datatype: "FP32", shape: [rows.length, width], data }], ...rest };
}

/** Resolves when a worker has been given a run: callers who were just answered may be waited for. */
export async function started(worker: ManualWorker): Promise<void> {
  for (let i = 0; i < 1000 && worker.runs.length === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The turn of the event loop at whose end requests are dispatched. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export function values(tensors: readonly Tensor[]): Record<string, number[]> {
  return Object.fromEntries(
    tensors.map(({ name, data }) => [name, [...(data as Exclude<TensorData, string[]>)].map(Number)]),
  );
}
