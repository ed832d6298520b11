/** One sample whose truth has come: classes, or numbers. */
export interface GradedSample {
  readonly right: string | number;
  readonly given: string | number;
  /** Of `binary` the score for yes, of `classification` the probability of the class that was given. */
  readonly score?: number;
  /** `KEY=VALUE` of each segment that it belongs to. */
  readonly segments: readonly string[];
  /** Milliseconds, when its truth came. */
  readonly at: number;
}

/** The latest graded samples of one version: so many of them, and none older than so long. */
export class QualityWindow {
  private samples: GradedSample[] = [];
  /** Samples before it have left the window. */
  private first = 0;
  /** Grows with every change of what is in the window. */
  revision = 0;

  constructor(private readonly limits: { readonly windowSamples: number; readonly windowMs: number }) {}

  get size(): number {
    return this.samples.length - this.first;
  }

  add(sample: GradedSample): void {
    this.samples.push(sample);
    this.revision++;
    if (this.size > this.limits.windowSamples) this.leave();
  }

  /** Lets go of what is too old, and gives what is left, the oldest first. */
  read(now: number): readonly GradedSample[] {
    const before = now - this.limits.windowMs;
    while (this.size > 0 && this.samples[this.first]!.at <= before) this.leave();
    this.compact();
    return this.samples;
  }

  private leave(): void {
    this.first++;
    this.revision++;
    // Moving all of them for each that leaves would cost the square of their number.
    if (this.first > this.limits.windowSamples) this.compact();
  }

  private compact(): void {
    if (this.first === 0) return;
    this.samples = this.samples.slice(this.first);
    this.first = 0;
  }
}
