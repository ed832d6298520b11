/** One run, as far as it tells about efficiency. */
export interface SizedRun {
  readonly rows: number;
  /** What its rows have in common: their shapes. Rows of others cost something else. */
  readonly key: string;
  /** What onnxruntime took, in milliseconds; undefined where it failed. */
  readonly computeMs: number | undefined;
}

export interface EfficientSizeOptions {
  /** Rows of a run at first. */
  readonly initial: number;
  /** Rows of a run at most. */
  readonly largest: number;
}

/** Runs quicker than this are too short for their time to be told from chance. */
export const SHORTEST_MS = 2;
/** Milliseconds that a run costs besides onnxruntime, beside one that is not shorter. */
const OVERHEAD_MS = 0.5;
/**
 * Full runs of either size that are compared, in turns: whatever else the machine does meets both. Only a run after one of its
 * own size counts: where server and model share a core, a run takes as long as what the answers of the one before bring about.
 */
const SAMPLES = 8;
/** In so many of them the other size must cost less. */
const MAJORITY = 7;
/** Runs at first between two comparisons; doubled while nothing is found, up to the longest. */
const FIRST_PAUSE = 32;
const LONGEST_PAUSE = 4096;
/** Runs that may come in between which are not full, or of other rows, before a comparison is given up. */
const PATIENCE = 10;
/** What a row must cost of what it did, for a size to be taken: a larger one makes callers wait longer. */
const LARGER_WORTH = 0.985;
const SMALLER_WORTH = 0.995;

/**
 * Finds the rows per run that cost least, while the server works: the time of a row falls with the batch until its tensors
 * outgrow the processor's caches. Loading can try only what is quick; a text model of 9 ms a row has its best at 8 and loses 5 %
 * at 32. Climbs by doubling and halving, and compares sizes only where there is enough to do that batches are full.
 */
export class EfficientSize {
  private current: number;
  private candidate = 0;
  private comparing = false;
  private turn = false;
  private pause = FIRST_PAUSE;
  private left = 1;
  private halves = true;
  private key = "";
  private misses = 0;
  /** Rows of the run before. */
  private before = 0;
  private here: number[] = [];
  private there: number[] = [];

  constructor(private readonly options: EfficientSizeOptions) {
    this.current = options.initial;
  }

  /** Rows that the next run may have. */
  get size(): number {
    return this.comparing && this.turn ? this.candidate : this.current;
  }

  /** Takes a run into account; true where `size` is another one now. */
  observe({ rows, key, computeMs }: SizedRun): boolean {
    const before = this.size;
    if (!this.comparing) {
      if (rows === this.current && computeMs !== undefined) this.rest(key);
    } else if (computeMs === undefined || computeMs < SHORTEST_MS || key !== this.key) this.miss();
    else if (rows !== this.current && rows !== this.candidate) this.miss();
    else if (rows === this.before) this.collect(rows === this.current ? this.here : this.there, computeMs);
    this.before = rows;
    return this.size !== before;
  }

  private rest(key: string): void {
    if (--this.left > 0) return;
    const candidate = this.halves ? Math.floor(this.current / 2) : this.current * 2;
    if (candidate < 1 || candidate > this.options.largest) {
      this.halves = !this.halves;
      this.left = 1;
      // Neither way leads anywhere where one row is all that there may be.
      if (this.options.largest === 1) this.left = LONGEST_PAUSE;
      return;
    }
    this.candidate = candidate;
    this.key = key;
    this.comparing = true;
    this.misses = 0;
    this.here = [];
    this.there = [];
  }

  private miss(): void {
    if (++this.misses > PATIENCE) this.giveUp();
  }

  private collect(samples: number[], computeMs: number): void {
    if (samples.length < SAMPLES) samples.push(computeMs);
    // Runs overlap, so that each size may have more of them than its turns.
    else if (++this.misses > PATIENCE) return this.giveUp();
    this.turn = this.there.length < SAMPLES && (!this.turn || this.here.length >= SAMPLES);
    if (this.here.length >= SAMPLES && this.there.length >= SAMPLES) this.decide();
  }

  private decide(): void {
    const cost = (ms: number, size: number) => (ms + OVERHEAD_MS) / size;
    const worth = this.candidate > this.current ? LARGER_WORTH : SMALLER_WORTH;
    const cheaper = this.there.filter(
      (ms, i) => cost(ms, this.candidate) < worth * cost(this.here[i]!, this.current),
    );
    if (cheaper.length < MAJORITY) return this.giveUp();
    this.current = this.candidate;
    this.comparing = false;
    this.turn = false;
    this.pause = FIRST_PAUSE;
    this.left = 1;
  }

  private giveUp(): void {
    this.comparing = false;
    this.turn = false;
    this.left = this.pause;
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    this.halves = !this.halves;
  }
}
