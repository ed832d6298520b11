import { createSummary, mergeSummary, type FeatureSummary } from "../summary";
import type { FeatureBaseline } from "../baseline";

/** A span of time in which rows were seen. */
export interface Window {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

/** A window that has ended. */
export interface EndedWindow extends Window {
  /** What was seen of a feature in it, made when it is asked for. @param place among the features */
  summaryAt(place: number): FeatureSummary;
}

interface Pane {
  /** Which half window since 1970. */
  readonly index: number;
  readonly summaries: readonly FeatureSummary[];
  rows: number;
}

/**
 * Windows that overlap by half: each pane is half a window long, and a window is two panes. A shift is then seen by a window
 * that holds nothing older within one and a half windows at most, where windows side by side would need up to two, and a
 * score still stands on a whole window's rows. Panes end at multiples of their length since 1970, so that those of
 * all replicas end together and can be merged.
 */
export class Panes {
  private readonly paneMs: number;
  private current: Pane;
  private previous: Pane | undefined;

  constructor(
    private readonly frames: readonly FeatureBaseline[],
    windowSeconds: number,
    /** Milliseconds since 1970. */
    now: number,
    private readonly startedAt = now,
  ) {
    this.paneMs = (windowSeconds * 1000) / 2;
    this.current = this.pane(now);
  }

  /** Where what is seen now is added, in the order of the features. */
  get summaries(): readonly FeatureSummary[] {
    return this.current.summaries;
  }

  rowAdded(): void {
    this.current.rows++;
  }

  /** The window that has ended, once for each pane; undefined while the pane goes on. */
  turn(now: number): EndedWindow | undefined {
    // Another one, not a later one: a clock may be set back.
    if (Math.floor(now / this.paneMs) === this.current.index) return undefined;
    const ended = this.window();
    this.previous = this.current;
    this.current = this.pane(now);
    return ended;
  }

  private window(): EndedWindow {
    const { current, previous, paneMs } = this;
    // After a pause of the process the pane before is of another time.
    const joined = previous?.index === current.index - 1 ? previous : undefined;
    return {
      start: Math.max(this.startedAt, (joined ?? current).index * paneMs),
      end: (current.index + 1) * paneMs,
      rows: current.rows + (joined?.rows ?? 0),
      summaryAt: (place) => {
        const summary = createSummary(this.frames[place]!);
        if (joined) mergeSummary(summary, joined.summaries[place]!);
        mergeSummary(summary, current.summaries[place]!);
        return summary;
      },
    };
  }

  private pane(now: number): Pane {
    const summaries = this.frames.map(createSummary);
    return { index: Math.floor(now / this.paneMs), summaries, rows: 0 };
  }
}
