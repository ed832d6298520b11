import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ServerError } from "../errors";
import type { Signature } from "./signature";
import {
  CLOSE,
  transferables,
  type LoadedMessage,
  type ResultMessage,
  type RunFailureMessage,
  type RunMessage,
  type TensorColumns,
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

interface Waiter {
  resolve(result: ResultMessage): void;
  reject(error: Error): void;
}

/** Starts threads; replaced in tests. */
export type SpawnWorker = (init: WorkerInit) => Worker;

/** onnxruntime 1.30 reports its use to its makers unless this is set, which a server in a closed network must not do. */
const TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

/** The compiled worker where there is one, else the TypeScript file of a checkout. */
export const spawnWorker: SpawnWorker = (init) => {
  // Set here and not in the worker, whose environment is a copy that native code does not see.
  process.env[TELEMETRY_SWITCH] ??= "1";
  const compiled = join(__dirname, "worker.js");
  if (existsSync(compiled)) return new Worker(compiled, { workerData: init, execArgv: [] });
  return new Worker(join(__dirname, "worker.ts"), {
    workerData: init,
    execArgv: ["--require", require.resolve("tsx/cjs")],
  });
};

/**
 * Seconds that a worker has to end its run and release its session before it is terminated. Generous, because
 * terminating a thread inside native code aborts the whole process.
 */
const CLOSE_GRACE_SECONDS = 10;

/** One worker thread with one session of one model version. */
export class WorkerInstance {
  private readonly waiters = new Map<number, Waiter>();
  private nextId = 0;
  private ended = false;

  private constructor(
    private readonly worker: Worker,
    readonly signature: Signature,
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
        resolve(new WorkerInstance(worker, message.signature, onCrash));
      });
    });
  }

  get inflightCount(): number {
    return this.waiters.size;
  }

  /** Runs the model; the data of `inputs` is transferred away. */
  run(inputs: TensorColumns, fetch: readonly string[]): Promise<ResultMessage> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(crashed());
        return;
      }
      const id = this.nextId++;
      this.waiters.set(id, { resolve, reject });
      const message: RunMessage = {
        id,
        names: inputs.names,
        types: inputs.types,
        dims: inputs.dims,
        data: inputs.data,
        fetch,
      };
      try {
        this.worker.postMessage(message, transferables(inputs.data));
      } catch (error) {
        // What never reached the worker is never answered, and would take up one of its slots for ever.
        this.waiters.delete(id);
        throw error;
      }
    });
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
    const waiter = this.waiters.get(message.id);
    if (!waiter) return;
    this.waiters.delete(message.id);
    if ("failure" in message) waiter.reject(new RunFailure(message.failure));
    else waiter.resolve(message);
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
    for (const waiter of waiters) waiter.reject(crashed());
  }
}

function crashed(): ServerError {
  return new ServerError(
    "WorkerCrashed",
    "The model's worker ended while it ran the request; it is being replaced.",
  );
}
