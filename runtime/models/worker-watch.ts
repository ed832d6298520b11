import type { Logger } from "pino";

/** Workers of one model version. */
export interface WatchedWorkers {
  /** Model and version, for the log. */
  readonly label: { readonly model: string; readonly version: string };
  /** Whether one of them has been busy with a single run for longer than `limitMs`. */
  isStuck(limitMs: number): boolean;
}

/**
 * Knows of workers that no longer come back from a run. A thread inside native code can be neither interrupted nor
 * ended, so that only a new process helps: liveness fails. Load alone never makes a run long: it waits in the queue.
 */
export class WorkerWatch {
  private readonly watched = new Set<WatchedWorkers>();
  private readonly reported = new Set<WatchedWorkers>();

  /** @param runTimeout seconds that one run may take; 0 for no limit */
  constructor(
    private readonly runTimeout: number,
    private readonly log: Logger,
  ) {}

  /** @returns what ends the watch */
  add(workers: WatchedWorkers): () => void {
    this.watched.add(workers);
    return () => {
      this.watched.delete(workers);
      this.reported.delete(workers);
    };
  }

  /** Whether any worker is stuck; to be asked now and then, as probes do. */
  isAnyStuck(): boolean {
    if (this.runTimeout === 0) return false;
    let stuck = false;
    for (const workers of this.watched) {
      if (!workers.isStuck(this.runTimeout * 1000)) {
        this.reported.delete(workers);
        continue;
      }
      stuck = true;
      if (this.reported.has(workers)) continue;
      this.reported.add(workers);
      this.log.fatal(
        { ...workers.label, runTimeout: this.runTimeout },
        "a worker has not come back from a run within `--run-timeout`; the server reports that it is not live",
      );
    }
    return stuck;
  }
}
