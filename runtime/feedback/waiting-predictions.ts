import { LRUCache } from "lru-cache";
import type { Prediction } from "./prediction";

/** An answer whose truth has not come yet. */
export interface Waiting {
  readonly version: string;
  readonly prediction: Prediction;
  /** Milliseconds, when it was given. */
  readonly at: number;
}

export interface WaitingLimits {
  readonly maxPredictions: number;
  readonly maxBytes: number;
  readonly retentionMs: number;
}

/** Bytes of an entry besides its id and its samples: Node 22 holds 420 for a binary answer under a UUID. */
const ENTRY_BYTES = 360;

/**
 * Answers by request id, in the order in which they were given; and the ids of those that were graded, so that truth which comes
 * twice is known for what it is. Both are bounded: the oldest go first. Not a Map: taking the oldest of ten thousand out of one
 * costs 9 µs.
 */
export class WaitingPredictions {
  private readonly waiting: LRUCache<string, Waiting>;
  /** When they were, in milliseconds. */
  private readonly graded: LRUCache<string, number>;

  constructor(private readonly limits: WaitingLimits) {
    const { maxPredictions: max, maxBytes: maxSize } = limits;
    this.waiting = new LRUCache({ max, maxSize, sizeCalculation: (entry, id) => bytesOf(id, entry) });
    this.graded = new LRUCache({ max });
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Estimated. */
  get bytes(): number {
    return this.waiting.calculatedSize;
  }

  /** Keeps an answer; a later one under the same id takes its place, unless that id was graded already. */
  keep(id: string, entry: Waiting): void {
    if (this.graded.has(id)) return;
    this.waiting.set(id, entry);
  }

  find(id: string): Waiting | undefined {
    return this.waiting.peek(id);
  }

  wasGraded(id: string): boolean {
    return this.graded.has(id);
  }

  /** Its truth has come. @param at milliseconds */
  settle(id: string, at: number): void {
    this.waiting.delete(id);
    this.graded.set(id, at);
  }

  /** Forgets what is older than the retention. */
  expire(now: number): void {
    const before = now - this.limits.retentionMs;
    letGo(this.waiting, ({ at }) => at <= before);
    letGo(this.graded, (at) => at <= before);
  }
}

/** Takes out the oldest ones for as long as they are too old. */
function letGo<Value extends object | number>(
  cache: LRUCache<string, Value>,
  isOld: (value: Value) => boolean,
): void {
  for (;;) {
    const oldest = cache.rkeys().next();
    if (oldest.done || !isOld(cache.peek(oldest.value)!)) return;
    cache.delete(oldest.value);
  }
}

function bytesOf(id: string, { prediction }: Waiting): number {
  const { classes, named, scores } = prediction;
  // Names of the model's own are texts of their own; all others are shared.
  const names = (classes ?? []).reduce((sum, name) => sum + 8 + (named ? 16 + name.length : 0), 0);
  return ENTRY_BYTES + id.length + names + 8 * (scores?.length ?? 0);
}
