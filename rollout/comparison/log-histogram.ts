/**
 * Counts of numbers in bins that grow with the numbers: bin i holds (γ^(i−1), γ^i], so that the middle of a bin is within 1 % of
 * everything in it. That is DDSketch (C. Masson, J. Rim, H. Lee, VLDB 12(12), 2019) with bounded bins in place of collapsing ones:
 * joining two of them adds counts, exactly, in any order. (`@datadog/sketches-js` 2.1.1 drops negative numbers when it
 * joins.)
 */
const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

/** Sizes below count as zero, sizes above as infinite: at most 2,533 bins of each sign. */
const SMALLEST = 1e-10;
const LARGEST = 1e12;

/** Whole numbers by bin, in a form that JSON keeps; the bins of negative numbers mirror the others. */
export interface HistogramCounts {
  readonly count: number;
  readonly notANumber: number;
  readonly bins: readonly (readonly [bin: number, count: number])[];
}

/**
 * Bins are numbered by the size of what they hold: negative ones for negative numbers, 0 for zero, and infinities at the ends.
 */
const FIRST = Math.floor(Math.log(SMALLEST) / LOG_GAMMA);
const LAST = Math.ceil(Math.log(LARGEST) / LOG_GAMMA) - FIRST + 1;
const INFINITE = LAST + 1;

export function binOf(value: number): number {
  const size = Math.abs(value);
  if (size < SMALLEST) return 0;
  const bin = size > LARGEST ? INFINITE : Math.max(1, Math.ceil(Math.log(size) / LOG_GAMMA) - FIRST);
  return value < 0 ? -bin : bin;
}

/** The number that stands for a bin: at most 1 % from all that it holds. */
export function valueOf(bin: number): number {
  if (bin === 0) return 0;
  const place = Math.abs(bin);
  const size = place >= INFINITE ? Infinity : (2 * GAMMA ** (place + FIRST)) / (1 + GAMMA);
  return bin < 0 ? -size : size;
}

export class LogHistogram {
  private readonly counts = new Map<number, number>();
  private total = 0;
  private nans = 0;

  /** Numbers so far, those that are none left out. */
  get count(): number {
    return this.total;
  }

  get notANumber(): number {
    return this.nans;
  }

  add(value: number, times = 1): void {
    if (Number.isNaN(value)) {
      this.nans += times;
      return;
    }
    const bin = binOf(value);
    this.counts.set(bin, (this.counts.get(bin) ?? 0) + times);
    this.total += times;
  }

  /** Adds what another one has counted. */
  join(other: LogHistogram): void {
    for (const [bin, count] of other.counts) this.counts.set(bin, (this.counts.get(bin) ?? 0) + count);
    this.total += other.total;
    this.nans += other.nans;
  }

  /** Bins in order with their counts. */
  sorted(): [bin: number, count: number][] {
    return [...this.counts].sort(([one], [other]) => one - other);
  }

  /** The smallest number that a share of all does not exceed, within 1 %; NaN without numbers. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    for (const [bin, count] of this.sorted()) {
      seen += count;
      if (seen >= rank) return valueOf(bin);
    }
    return NaN;
  }

  toJSON(): HistogramCounts {
    return { count: this.total, notANumber: this.nans, bins: this.sorted() };
  }

  static of({ notANumber, bins }: HistogramCounts): LogHistogram {
    const histogram = new LogHistogram();
    for (const [bin, count] of bins) {
      if (!Number.isInteger(bin) || Math.abs(bin) > INFINITE || !Number.isInteger(count) || count < 1) {
        throw new Error(`\`bins\`: [${bin}, ${count}] must be a bin's number and how many it holds`);
      }
      histogram.counts.set(bin, (histogram.counts.get(bin) ?? 0) + count);
      histogram.total += count;
    }
    histogram.nans = notANumber;
    return histogram;
  }
}
