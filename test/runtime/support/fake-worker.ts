import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import type { RunMessage } from "../../../runtime/models/worker-protocol";

/** Stands in for a worker thread: takes `x`, gives `y`, and does only what the test tells it. */
export class FakeWorker extends EventEmitter {
  static readonly all: FakeWorker[] = [];
  readonly runs: RunMessage[] = [];

  constructor(failure?: string) {
    super();
    FakeWorker.all.push(this);
    const spec = (name: string) => ({ name, datatype: "float32", shape: [-1] });
    const message = failure ? { failure } : { signature: { inputs: [spec("x")], outputs: [spec("y")] } };
    setImmediate(() => this.emit("message", message));
  }

  postMessage(message: RunMessage | string): void {
    if (typeof message === "string") setImmediate(() => this.emit("exit", 0));
    else this.runs.push(message);
  }

  /** Answers the oldest run with its own input. */
  answer(): void {
    const run = this.runs.shift()!;
    const { id, types, dims, data } = run;
    this.emit("message", { id, names: ["y"], types, dims, data, computeSeconds: 0.001 });
  }

  crash(): void {
    this.emit("error", new Error("out of memory"));
    this.emit("exit", 1);
  }

  terminate(): Promise<number> {
    this.emit("exit", 1);
    return Promise.resolve(1);
  }

  asWorker(): Worker {
    return this as unknown as Worker;
  }
}
