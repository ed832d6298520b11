import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ServerError } from "../errors";
import { SpareBuffers } from "./spare-buffers";
import type { RunTensors } from "./synthetic-rows";
import {
  CLOSE,
  isFailure,
  transferables,
  type Loaded,
  type LoadedMessage,
  type ResultMessage,
  type RunFailureMessage,
  type RunMessage,
  type WorkerInit,
} from "./worker-protocol";

/** A model that cannot be served; the message is the public reason. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
}

/** onnxruntime refused or failed a run; the message is its own and not for clients. */
export class RunFailure extends Error {
  override readonly name = "RunFailure";
}

/** Takes what becomes of a run; exactly one of the two is called, never before `run` has returned. */
export interface RunWaiter {
  succeeded(result: ResultMessage): void;
  failed(error: Error): void;
}

/** Starts threads; replaced in tests. */
export type SpawnWorker = (init: WorkerInit) => Worker;

/** onnxruntime 1.30 reports its use to its makers unless this is set, which a server in a closed network must not do. */
const TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

/** A worker's own objects are few and live for one run: a small nursery saves memory and costs nothing. */
const resourceLimits = { maxYoungGenerationSizeMb: 2 };

/** Starts a thread with this file. */
export function startWorker(file: string, execArgv: string[], init: WorkerInit): Worker {
  // Set here and not in the worker, whose environment is a copy that native code does not see.
  process.env[TELEMETRY_SWITCH] ??= "1";
  return new Worker(file, { workerData: init, execArgv, resourceLimits });
}

/** The compiled worker where there is one, else the TypeScript file of a checkout. */
export const spawnWorker: SpawnWorker = (init) => {
  const compiled = join(__dirname, "worker.js");
  if (existsSync(compiled)) return startWorker(compiled, [], init);
  return startWorker(join(__dirname, "worker.ts"), ["--require", require.resolve("tsx/cjs")], init);
};

/**
 * Seconds that a worker has to end its run and release its session before it is terminated. Generous, because
 * terminating a thread inside native code aborts the whole process.
 */
const CLOSE_GRACE_SECONDS = 10;

/** Milliseconds between two looks that must both find a worker stuck. */
const CONFIRM_STUCK_MS = 1000;

/** One worker thread with one session of one model version. */
export class WorkerInstance {
  /** Memory for the inputs of large runs. */
  readonly spare = new SpareBuffers();
  private readonly waiters = new Map<number, RunWaiter>();
  private nextId = 0;
  private ended = false;
  /** When a run was handed over or ended last, `performance.now()`. */
  private progressAt = 0;
  private suspectedAt: number | undefined;

  private constructor(
    private readonly worker: Worker,
    readonly loaded: Loaded,
    /** Called once when the thread ends without having been asked to. */
    private readonly onCrash: (cause: string) => void,
  ) {
    worker.on("message", (message: ResultMessage | RunFailureMessage) => this.settle(message));
    worker.on("error", (error) => this.end(error.message));
    worker.on("exit", (code) => this.end(`exit code ${code}`));
  }

  /** Resolves when the model is loaded; rejects with LoadFailure where it cannot be. */
  static start(
    init: WorkerInit,
    onCrash: (cause: string) => void,
    spawn = spawnWorker,
  ): Promise<WorkerInstance> {
    return new Promise((resolve, reject) => {
      const worker = spawn(init);
      const died = (cause?: unknown) =>
        reject(
          new LoadFailure(
            "The worker died while loading the model.",
            cause instanceof Error ? { cause } : {},
          ),
        );
      worker.once("error", died);
      worker.once("exit", died);
      worker.once("message", (message: LoadedMessage) => {
        if ("failure" in message) {
          reject(new LoadFailure(message.failure));
          return;
        }
        worker.off("error", died);
        worker.off("exit", died);
        resolve(new WorkerInstance(worker, message, onCrash));
      });
    });
  }

  get inflightCount(): number {
    return this.waiters.size;
  }

  /**
   * Runs the model; the data of `inputs` is transferred away.
   * @param fetch places of the outputs to compute; all when left out
   * @throws where the run cannot be handed over; `waiter` then hears nothing
   */
  run(inputs: RunTensors, fetch: readonly number[] | undefined, waiter: RunWaiter): void {
    if (this.ended) throw crashed();
    const id = this.nextId++;
    const message: RunMessage = [id, fetch, inputs.dims, inputs.data];
    this.worker.postMessage(message, transferables(inputs.data));
    if (this.waiters.size === 0) this.progressAt = performance.now();
    this.waiters.set(id, waiter);
  }

  /**
   * Whether a run has taken longer than `limitMs`, seen twice: a process that was stopped for a while finds the answer
   * waiting when it goes on.
   */
  isStuck(limitMs: number, now = performance.now()): boolean {
    if (this.waiters.size === 0 || now - this.progressAt <= limitMs) {
      this.suspectedAt = undefined;
      return false;
    }
    this.suspectedAt ??= now;
    return now - this.suspectedAt >= CONFIRM_STUCK_MS;
  }

  /** Ends the thread; runs in flight fail. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    const exited = new Promise<void>((resolve) => this.worker.once("exit", () => resolve()));
    this.worker.postMessage(CLOSE);
    const timer = setTimeout(() => void this.worker.terminate(), CLOSE_GRACE_SECONDS * 1000);
    await exited;
    clearTimeout(timer);
    this.failAll();
  }

  private settle(message: ResultMessage | RunFailureMessage): void {
    const waiter = this.waiters.get(message[0]);
    if (!waiter) return;
    this.waiters.delete(message[0]);
    if (this.waiters.size > 0) this.progressAt = performance.now();
    if (isFailure(message)) waiter.failed(new RunFailure(message[1]));
    else {
      for (const buffer of message[4] ?? []) this.spare.give(buffer);
      waiter.succeeded(message);
    }
  }

  private end(cause: string): void {
    if (this.ended) return;
    this.ended = true;
    this.failAll();
    this.onCrash(cause);
  }

  private failAll(): void {
    const waiters = [...this.waiters.values()];
    this.waiters.clear();
    for (const waiter of waiters) waiter.failed(crashed());
  }
}

function crashed(): ServerError {
  return new ServerError(
    "WorkerCrashed",
    "The model's worker ended while it ran the request; it is being replaced.",
  );
}
