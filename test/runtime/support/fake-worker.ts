import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import type { Loaded, RunMessage } from "../../../runtime/models/worker-protocol";

/** Stands in for a worker thread: takes `x`, gives `y`, and does only what the test tells it. */
export class FakeWorker extends EventEmitter {
  static readonly all: FakeWorker[] = [];
  readonly runs: RunMessage[] = [];

  constructor(failure?: string, loaded: Partial<Loaded> = {}) {
    super();
    FakeWorker.all.push(this);
    const spec = (name: string) => ({ name, datatype: "float32", shape: [-1] });
    const signature = { inputs: [spec("x")], outputs: [spec("y")] };
    setImmediate(() => this.emit("message", failure ? { failure } : { signature, ...loaded }));
  }

  postMessage(message: RunMessage | string): void {
    if (typeof message === "string") setImmediate(() => this.emit("exit", 0));
    else this.runs.push(message);
  }

  /** Answers the oldest run with its own input. */
  answer(): void {
    const [id, , dims, data] = this.runs.shift()!;
    this.emit("message", [id, 0.001, dims, data]);
  }

  /** Lets the oldest run fail as onnxruntime would. */
  refuse(reason: string): void {
    this.emit("message", [this.runs.shift()![0], reason]);
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
