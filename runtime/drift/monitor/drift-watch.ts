import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { registerDriftMetrics } from "./drift-metrics";
import { DriftMonitor, type DriftClock, type DriftMonitorOptions } from "./drift-monitor";

/** Time and timers, replaced in tests. */
export interface WatchClock extends DriftClock {
  /** Calls back again and again, without keeping the process alive; returns what ends it. */
  every(ms: number, callback: () => void): () => void;
}

/** Answers of so many milliseconds are read together: a turn of the event loop for each would cost more than the reading. */
const LATER_MS = 20;

const SYSTEM: WatchClock = {
  now: () => Date.now(),
  soon: (callback) => void setImmediate(callback),
  later: (callback) => void setTimeout(callback, LATER_MS).unref(),
  every(ms, callback) {
    const timer = setInterval(callback, ms).unref();
    return () => clearInterval(timer);
  },
};

/** The length of one sample. */
const SAMPLE_MS = 1000;

export interface DriftWatchOptions {
  readonly registry: Registry;
  readonly log: Logger;
  /** Versions with series; what is found of others is in their report alone. */
  readonly maxVersions: number;
  readonly clock?: WatchClock;
  readonly random?: () => number;
}

/** The versions whose drift is followed. Costs nothing while there are none. */
export class DriftWatch {
  /** By model and version: for a moment an old and a new load of the same are both there, and the new one counts. */
  private readonly monitors = new Map<string, DriftMonitor>();
  private readonly clock: WatchClock;
  private registered = false;
  private stop: (() => void) | undefined;

  constructor(private readonly options: DriftWatchOptions) {
    this.clock = options.clock ?? SYSTEM;
  }

  /** Follows a version until its monitor is closed. */
  open(
    version: Pick<
      DriftMonitorOptions,
      "model" | "version" | "baseline" | "baselineSha256" | "spec" | "config"
    >,
  ): DriftMonitor {
    const { registry, log, maxVersions, random } = this.options;
    const key = `${version.model}/${version.version}`;
    const monitor = new DriftMonitor({
      ...version,
      log,
      clock: this.clock,
      random,
      closed: (gone) => {
        if (this.monitors.get(key) === gone) this.monitors.delete(key);
        if (this.monitors.size === 0) this.end();
      },
    });
    this.monitors.set(key, monitor);
    this.stop ??= this.clock.every(SAMPLE_MS, () => this.tick());
    if (!this.registered) {
      this.registered = true;
      registerDriftMetrics(registry, () => [...this.monitors.values()].slice(0, maxVersions));
    }
    return monitor;
  }

  private tick(): void {
    // A turn of the event loop each: of a hundred models whose windows end together no request waits for all.
    for (const monitor of this.monitors.values()) this.clock.soon(() => monitor.tick());
  }

  private end(): void {
    this.stop?.();
    this.stop = undefined;
  }
}
