import { VersionCounters } from "./version-counters";
import { VersionMetrics } from "./version-metrics";
import type { Labels } from "./collected";

/** What has labels of its own in Prometheus: a model version, or all those for which there was no room. */
export interface Series {
  readonly labels: Labels;
  readonly counters: VersionCounters;
  /** Loadings that are alive, the latest last. */
  readonly loadings: readonly VersionMetrics[];
  /** More than one version, so that only sums mean anything. */
  readonly shared: boolean;
}

interface Entry {
  readonly model: string;
  readonly version: string;
  readonly labels: Labels;
  readonly counters: VersionCounters;
  readonly loadings: Set<VersionMetrics>;
  /** Counted under `other`. */
  readonly folded: boolean;
}

/** What is counted of a version whether it is loaded at present or not. */
export interface LastingCounts {
  readonly labels: Labels;
  coldLoads: number;
  evictions: number;
}

/** Versions whose metrics take so long to print that requests should not wait for all of them: milliseconds. */
const MANY = 50;

/** A version is a number, so this label clashes with no model that is called so. */
const OTHER: Labels = { model: "other", version: "other" };

/** The model versions that are counted, at most so many of them with labels of their own. */
export class SeriesTable {
  private readonly entries = new Map<string, Entry>();
  private namedCount = 0;
  /** What folded versions had counted when they were removed: a counter that went back would look like a restart. */
  private readonly removedCounters = new VersionCounters();
  private hasFolded = false;
  private lastTurn: Promise<void> = Promise.resolve();
  private readonly lastingByKey = new Map<string, LastingCounts>();

  constructor(private readonly maxNamed: number) {}

  add(model: string, version: string): VersionMetrics {
    const key = `${model}/${version}`;
    let entry = this.entries.get(key);
    if (entry) {
      // A load that failed is over; only what serves may stay beside its successor.
      for (const loading of entry.loadings) if (!loading.read) entry.loadings.delete(loading);
    } else {
      const folded = this.namedCount >= this.maxNamed;
      if (folded) this.hasFolded = true;
      else this.namedCount++;
      const labels = folded ? OTHER : { model, version };
      entry = { model, version, labels, counters: new VersionCounters(), loadings: new Set(), folded };
      this.entries.set(key, entry);
    }
    const { counters, loadings } = entry;
    const metrics = new VersionMetrics(counters, (gone) => {
      if (!loadings.delete(gone) || loadings.size > 0) return;
      this.entries.delete(key);
      if (entry.folded) this.removedCounters.add(counters);
      else this.namedCount--;
    });
    loadings.add(metrics);
    return metrics;
  }

  /** The counts of a version that outlive its unloading, which is what they are about. */
  lasting(model: string, version: string): LastingCounts {
    const { lastingByKey } = this;
    const own = `${model}/${version}`;
    const fits = lastingByKey.has(own) || lastingByKey.size < this.maxNamed;
    const key = fits ? own : "other/other";
    let counts = lastingByKey.get(key);
    if (!counts) {
      counts = { labels: fits ? { model, version } : OTHER, coldLoads: 0, evictions: 0 };
      lastingByKey.set(key, counts);
    }
    return counts;
  }

  lastingCounts(): LastingCounts[] {
    return [...this.lastingByKey.values()];
  }

  /** Versions that are loaded, with what they counted. */
  *loaded(): Generator<Entry> {
    for (const entry of this.entries.values()) {
      for (const loading of entry.loadings) {
        if (!loading.read) continue;
        yield entry;
        break;
      }
    }
  }

  /** A turn of the event loop for each who asks, one after another; none where there is little to print. */
  turn(): Promise<void> | undefined {
    if (this.entries.size < MANY) return undefined;
    this.lastTurn = this.lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.lastTurn;
  }

  /** What Prometheus sees. */
  series(): Series[] {
    const named: Series[] = [];
    const folded: Entry[] = [];
    for (const entry of this.entries.values()) {
      if (entry.folded) folded.push(entry);
      else {
        const { labels, counters, loadings } = entry;
        named.push({ labels, counters, loadings: [...loadings], shared: false });
      }
    }
    if (!this.hasFolded) return named;
    const counters = new VersionCounters();
    counters.add(this.removedCounters);
    for (const entry of folded) counters.add(entry.counters);
    const loadings = folded.flatMap((entry) => [...entry.loadings]);
    return [...named, { labels: OTHER, counters, loadings, shared: true }];
  }
}
