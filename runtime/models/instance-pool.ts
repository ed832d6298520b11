import { messageOf } from "../message-of";
import { LoadFailure, spawnWorker, WorkerInstance, type SpawnWorker } from "./worker-instance";
import type { Signature } from "./signature";
import type { WorkerInit } from "./worker-protocol";

export interface PoolOptions {
  readonly init: WorkerInit;
  /** Workers to keep alive. */
  readonly size: number;
  /** Runs handed to one worker at a time; 2 hides the hop between threads. */
  readonly depth: number;
  readonly spawn?: SpawnWorker;
}

export interface PoolEvents {
  /** A slot may have become free. */
  changed(): void;
  /** A worker died and will be replaced. */
  crashed(cause: string): void;
  /** The last worker is gone and no replacement will be there soon; more attempts follow. */
  unavailable(reason: string): void;
  /** Workers are there again after `unavailable`. */
  recovered(): void;
}

/** Milliseconds before a dead worker is replaced; doubled after each failure up to the longest. */
const FIRST_RESTART_MS = 50;
const LONGEST_RESTART_MS = 10_000;
/** Milliseconds without any worker that requests had better not wait for, but go elsewhere. */
const LONG_RESTART_MS = 1000;
/** A worker that lived this long starts the count anew. */
const HEALTHY_AFTER_MS = 30_000;

/** The worker threads of one model version: keeps their number, replaces the dead. */
export class InstancePool {
  private readonly live = new Set<WorkerInstance>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  private reportedUnavailable = false;
  private restartMs = FIRST_RESTART_MS;
  private lastCrash = 0;

  private constructor(
    private readonly options: PoolOptions,
    private readonly events: PoolEvents,
  ) {}

  /** Starts every worker; rejects with LoadFailure, leaving none behind, where one cannot be. */
  static async start(
    options: PoolOptions,
    events: PoolEvents,
  ): Promise<{ pool: InstancePool; signature: Signature }> {
    const pool = new InstancePool(options, events);
    const started = await Promise.allSettled(Array.from({ length: options.size }, () => pool.add()));
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      await pool.close();
      throw failed.reason;
    }
    const [first] = pool.live;
    if (!first) throw new LoadFailure("The worker died while loading the model.");
    return { pool, signature: first.signature };
  }

  get size(): number {
    return this.live.size;
  }

  inflightCount(): number {
    let count = 0;
    for (const instance of this.live) count += instance.inflightCount;
    return count;
  }

  freeSlots(): number {
    return this.live.size * this.options.depth - this.inflightCount();
  }

  /** The least busy worker. @throws where none is alive: ask `freeSlots` first */
  leastBusy(): WorkerInstance {
    let best: WorkerInstance | undefined;
    for (const instance of this.live) {
      if (!best || instance.inflightCount < best.inflightCount) best = instance;
    }
    if (!best) throw new Error("no worker is alive");
    return best;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const instances = [...this.live];
    this.live.clear();
    await Promise.all(instances.map((instance) => instance.close()));
  }

  private async add(): Promise<void> {
    const instance: WorkerInstance = await WorkerInstance.start(
      this.options.init,
      (cause) => this.replace(instance, cause),
      this.options.spawn ?? spawnWorker,
    );
    if (this.closed) await instance.close();
    else this.live.add(instance);
  }

  private replace(instance: WorkerInstance, cause: string): void {
    if (!this.live.delete(instance) || this.closed) return;
    const now = performance.now();
    if (now - this.lastCrash > HEALTHY_AFTER_MS) this.restartMs = FIRST_RESTART_MS;
    this.lastCrash = now;
    this.events.crashed(cause);
    if (this.live.size === 0 && this.restartMs >= LONG_RESTART_MS) {
      this.reportUnavailable("Its worker has died several times in a row; it is being replaced.");
    }
    this.scheduleRestart();
  }

  private reportUnavailable(reason: string): void {
    this.reportedUnavailable = true;
    this.events.unavailable(reason);
  }

  private scheduleRestart(): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.add().then(
        () => {
          if (this.closed) return;
          if (this.reportedUnavailable) this.events.recovered();
          this.reportedUnavailable = false;
          this.events.changed();
        },
        (error: unknown) => {
          if (this.closed) return;
          if (this.live.size === 0) this.reportUnavailable(messageOf(error));
          this.scheduleRestart();
        },
      );
    }, this.restartMs);
    this.timers.add(timer);
    this.restartMs = Math.min(this.restartMs * 2, LONGEST_RESTART_MS);
  }
}
