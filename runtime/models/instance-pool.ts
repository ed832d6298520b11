import { messageOf } from "../message-of";
import { LoadFailure, spawnWorker, WorkerInstance, type SpawnWorker } from "./worker-instance";
import type { Loaded, WorkerInit } from "./worker-protocol";

export interface PoolOptions {
  readonly init: WorkerInit;
  /** Workers to keep alive. */
  readonly size: number;
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

/** Runs handed to one worker at a time: the second hides the hop between threads, more of them share hops. */
const LEAST_DEPTH = 2;
const MOST_DEPTH = 16;
/** Seconds of work that are handed over at most beyond that: what is, cannot be cancelled or overtaken any more. */
const HANDED_OVER_SECONDS = 0.001;
/** Weight of a new run in the mean. */
const LEARNING_RATE = 0.1;
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
  private depth = LEAST_DEPTH;
  private meanRunSeconds = HANDED_OVER_SECONDS;
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
  ): Promise<{ pool: InstancePool; loaded: Loaded }> {
    const pool = new InstancePool(options, events);
    // What holds for one instance holds for all: the first one tries out batching.
    const init = (i: number) =>
      i === 0 ? options.init : { ...options.init, probeRows: undefined, inline: false };
    const started = await Promise.allSettled(
      Array.from({ length: options.size }, (_, i) => pool.add(init(i))),
    );
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      await pool.close();
      throw failed.reason;
    }
    const loaded = [...pool.live].map((instance) => instance.loaded);
    const first = loaded.find(({ batching, inline }) => batching ?? inline) ?? loaded[0];
    if (!first) throw new LoadFailure("The worker died while loading the model.");
    return { pool, loaded: first };
  }

  get size(): number {
    return this.live.size;
  }

  inflightCount(): number {
    let count = 0;
    for (const instance of this.live) count += instance.inflightCount;
    return count;
  }

  /** Notes how long onnxruntime took for a run, from which the number of runs follows that are handed over at a time. */
  ran(seconds: number): void {
    this.meanRunSeconds += (seconds - this.meanRunSeconds) * LEARNING_RATE;
    const depth = Math.floor(HANDED_OVER_SECONDS / this.meanRunSeconds);
    this.depth = Math.min(MOST_DEPTH, Math.max(LEAST_DEPTH, depth));
  }

  /** Workers without a run. */
  idleCount(): number {
    let count = 0;
    for (const instance of this.live) if (instance.inflightCount === 0) count++;
    return count;
  }

  freeSlots(): number {
    return this.live.size * this.depth - this.inflightCount();
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

  /** The workers that are alive. */
  get instances(): readonly WorkerInstance[] {
    return [...this.live];
  }

  /** Whether one of the workers has been busy with a single run for longer than `limitMs`. */
  isStuck(limitMs: number): boolean {
    let stuck = false;
    // All of them are asked: each notes when it was found so first.
    for (const instance of this.live) stuck = instance.isStuck(limitMs) || stuck;
    return stuck;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const instances = [...this.live];
    this.live.clear();
    await Promise.all(instances.map((instance) => instance.close()));
  }

  private async add(init: WorkerInit): Promise<void> {
    const instance: WorkerInstance = await WorkerInstance.start(
      init,
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
      this.add({ ...this.options.init, probeRows: undefined }).then(
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
