import type { Worker } from "node:worker_threads";
import { spawnWorker, type SpawnWorker } from "../../../runtime/models/worker-instance";

/** Real workers, whose runs wait while the test says so. */
export class WorkerHold {
  private held: (() => void)[] | undefined;

  readonly spawn: SpawnWorker = (init) => {
    const worker = spawnWorker(init);
    const post = worker.postMessage.bind(worker) as Worker["postMessage"];
    worker.postMessage = (message: unknown, transfer?: unknown) => {
      const go = () => post(message, transfer as ArrayBuffer[]);
      if (this.held && Array.isArray(message)) this.held.push(go);
      else go();
    };
    return worker;
  };

  begin(): void {
    this.held = [];
  }

  /** Resolves when so many runs wait. */
  async holds(count: number): Promise<void> {
    const until = performance.now() + 5000;
    while ((this.held?.length ?? 0) < count && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  end(): void {
    const { held = [] } = this;
    this.held = undefined;
    for (const go of held) go();
  }
}
