import type { GradedTask } from "./graded-task";
import { QualitySums } from "./quality-sums";
import { QualityWindow, type GradedSample } from "./quality-window";
import { ALL } from "./segments";
import { windowQuality, type WindowQuality } from "./window-metrics";

/** How good one version is in one segment at present. */
export interface SegmentQuality {
  readonly segment: string;
  readonly samples: number;
  readonly quality: WindowQuality;
}

/** How good one version of a model is: over its window, and summed up since the server began. */
export class VersionQuality {
  private readonly window: QualityWindow;
  private readonly sumsBySegment = new Map<string, QualitySums>();
  private computed: { readonly revision: number; readonly segments: readonly SegmentQuality[] } | undefined;

  constructor(
    private readonly task: GradedTask,
    limits: { readonly windowSamples: number; readonly windowMs: number },
  ) {
    this.window = new QualityWindow(limits);
  }

  add(sample: GradedSample): void {
    this.window.add(sample);
    for (const segment of [ALL, ...sample.segments]) {
      let sums = this.sumsBySegment.get(segment);
      if (!sums) this.sumsBySegment.set(segment, (sums = new QualitySums()));
      sums.add(this.task, sample);
    }
  }

  get sums(): ReadonlyMap<string, QualitySums> {
    return this.sumsBySegment;
  }

  /** Of each segment with samples in the window; computed again where these have changed since. */
  read(now: number): readonly SegmentQuality[] {
    const samples = this.window.read(now);
    const { revision } = this.window;
    if (this.computed?.revision !== revision) {
      const segments = [...bySegment(samples)].map(([segment, own]) => ({
        segment,
        samples: own.length,
        quality: windowQuality(this.task, own),
      }));
      this.computed = { revision, segments };
    }
    return this.computed.segments;
  }
}

function bySegment(samples: readonly GradedSample[]): Map<string, readonly GradedSample[]> {
  const groups = new Map<string, GradedSample[]>();
  for (const sample of samples) {
    for (const segment of sample.segments) {
      const group = groups.get(segment);
      if (group) group.push(sample);
      else groups.set(segment, [sample]);
    }
  }
  return new Map(samples.length === 0 ? [] : [[ALL, samples] as const, ...groups]);
}
