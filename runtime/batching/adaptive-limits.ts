import type { BatchLimits } from "./dynamic-batcher";

export interface AdaptiveOptions {
  /** p99 in milliseconds that is to be kept. */
  readonly latencyObjectiveMs: number;
  /** Upper bounds of what is chosen. */
  readonly maxBatchSize: number;
  readonly maxQueueDelayMs: number;
}

/** One run, as far as it tells about latency. Milliseconds. */
export interface ObservedRun {
  readonly rows: number;
  readonly requests: number;
  /** How long its oldest request waited. */
  readonly waitMs: number;
  /** From its start until its answers were there. */
  readonly serviceMs: number;
}

/** Runs, and requests, after which a window is judged; a window ends with the first that both have reached. */
const WINDOW_RUNS = 8;
const WINDOW_REQUESTS = 100;
/** A window ends here in any case, so that single requests teach, too. */
const LONGEST_WINDOW_RUNS = 64;

/** Clipper's factors: up by one row, down by a tenth. */
const SIZE_STEP = 1;
const BACK_OFF = 0.9;
/** The delay grows in so many steps and is cut faster than it grows. */
const DELAY_STEPS = 20;
const DELAY_BACK_OFF = 0.5;
/** The delay grows only while the objective is this far away: it adds to the latency in full. */
const DELAY_HEADROOM = 0.8;

/**
 * Finds the largest batches whose requests are answered within an objective: additive increase, multiplicative decrease
 * of the batch size, as in Clipper (Crankshaw et al., NSDI'17), and of the delay after it.
 *
 * What is compared with the objective is the latency that the batch size is to blame for: the run itself, and of the
 * wait as much as one run before it and the delay explain. A longer wait is a backlog, which smaller batches would
 * only make longer.
 */
export class AdaptiveLimits {
  private size = 1;
  private delayMs = 0;
  private runs = 0;
  private requests = 0;
  private fullRuns = 0;
  private samples: { latencyMs: number; requests: number }[] = [];

  constructor(private readonly options: AdaptiveOptions) {}

  get limits(): BatchLimits {
    return { maxBatchSize: this.size, maxQueueDelayMs: this.delayMs };
  }

  /** Takes a run into account; true where the limits have changed. */
  observe(run: ObservedRun): boolean {
    const explained = Math.min(run.waitMs, run.serviceMs + this.delayMs);
    this.samples.push({ latencyMs: explained + run.serviceMs, requests: run.requests });
    this.runs++;
    this.requests += run.requests;
    if (run.rows >= this.size) this.fullRuns++;
    const enough = this.runs >= WINDOW_RUNS && this.requests >= WINDOW_REQUESTS;
    return (enough || this.runs >= LONGEST_WINDOW_RUNS) && this.judge();
  }

  private judge(): boolean {
    const { latencyObjectiveMs, maxBatchSize, maxQueueDelayMs } = this.options;
    const { size, delayMs } = this;
    const p99 = percentile99(this.samples, this.requests);
    if (p99 > latencyObjectiveMs) {
      // The delay goes first: it costs every request, a smaller batch costs throughput.
      if (delayMs > 0) this.delayMs = delayMs < maxQueueDelayMs / DELAY_STEPS ? 0 : delayMs * DELAY_BACK_OFF;
      else this.size = Math.max(1, Math.floor(size * BACK_OFF));
    } else if (2 * this.fullRuns >= this.runs) {
      // Only where the size is the limit does a larger one make a difference.
      this.size = Math.min(maxBatchSize, size + SIZE_STEP);
    } else if (this.requests > this.runs && p99 <= DELAY_HEADROOM * latencyObjectiveMs) {
      this.delayMs = Math.min(maxQueueDelayMs, delayMs + maxQueueDelayMs / DELAY_STEPS);
    }
    this.runs = this.requests = this.fullRuns = 0;
    this.samples = [];
    return this.size !== size || this.delayMs !== delayMs;
  }
}

/** The latency that 99 of 100 requests stay within. */
function percentile99(samples: { latencyMs: number; requests: number }[], requests: number): number {
  samples.sort((a, b) => b.latencyMs - a.latencyMs);
  let above = requests / 100;
  for (const { latencyMs, requests: count } of samples) {
    above -= count;
    if (above < 0) return latencyMs;
  }
  return samples[samples.length - 1]!.latencyMs;
}
