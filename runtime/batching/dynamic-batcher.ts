/** What the batcher has to know of a request. */
export interface BatchItem {
  /** Rows of the batch dimension that the request brings along, >= 1. */
  readonly rows: number;
  /** Requests may share a run only where their keys are equal. */
  readonly key: string;
  /** Set when the caller has gone: the item is dropped instead of run. */
  readonly cancelled: boolean;
  /** When it was enqueued, `performance.now()`; set by the batcher. */
  enqueuedAt: number;
}

export interface BatcherOptions {
  /** Rows that one run may have; a request with more runs alone. 1 means no batching: first in, first out. */
  readonly maxBatchSize: number;
  /** Milliseconds that the oldest request may wait for company while other runs are in flight. */
  readonly maxQueueDelayMs: number;
  /** Requests that may wait. */
  readonly maxQueueSize: number;
}

/** Whoever runs batches. */
export interface BatchRunner<Item> {
  /** Runs that could start now. */
  freeSlots(): number;
  /** Runs that are under way. */
  runningCount(): number;
  /** Starts a run. Never throws; calls `batcher.wake()` when a slot is free again. */
  start(batch: Item[]): void;
  /** Settles an item that was cancelled while it waited; it will not run. */
  drop(item: Item): void;
}

export interface Clock {
  now(): number;
  /** Calls back after `ms`; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Waiting items beyond the head that are searched for company; bounds the work per batch. */
const SEARCH_DEPTH = 512;

/**
 * Queues requests and hands them on in batches, oldest first. A lone request on an idle model starts at once: the
 * delay holds back only while other runs are in flight, when waiting costs little and fills batches.
 */
export class DynamicBatcher<Item extends BatchItem> {
  private queue: Item[] = [];
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly options: BatcherOptions,
    private readonly runner: BatchRunner<Item>,
    private readonly clock: Clock = systemClock,
  ) {}

  get pendingCount(): number {
    return this.queue.length;
  }

  /** Takes an item; false when the queue is full. */
  enqueue(item: Item): boolean {
    item.enqueuedAt = this.clock.now();
    if (this.queue.length >= this.options.maxQueueSize) {
      // Callers that have gone must not keep others out.
      this.dropCancelled();
      if (this.queue.length >= this.options.maxQueueSize) return false;
    }
    this.queue.push(item);
    this.wake();
    return true;
  }

  /** To be called whenever a slot may have become free. */
  wake(): void {
    while (this.queue.length > 0 && this.runner.freeSlots() > 0) {
      const head = this.queue[0]!;
      if (head.cancelled) {
        this.runner.drop(this.queue.shift()!);
        continue;
      }
      const waitMs = this.waitMs(head);
      if (waitMs > 0) {
        this.cancelTimer ??= this.clock.after(waitMs, () => {
          this.cancelTimer = undefined;
          this.wake();
        });
        return;
      }
      this.runner.start(this.take());
    }
    if (this.queue.length === 0) this.stopTimer();
  }

  /** Empties the queue, e.g. because the model has gone; the caller settles the items. */
  clear(): Item[] {
    this.stopTimer();
    const items = this.queue;
    this.queue = [];
    return items;
  }

  private dropCancelled(): void {
    const gone = this.queue.filter((waiting) => waiting.cancelled);
    this.queue = this.queue.filter((waiting) => !waiting.cancelled);
    for (const item of gone) this.runner.drop(item);
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  /** How long the head should still wait for company; 0 or less when its batch is due. */
  private waitMs(head: Item): number {
    const { maxBatchSize, maxQueueDelayMs } = this.options;
    if (maxQueueDelayMs === 0 || maxBatchSize === 1 || this.runner.runningCount() === 0) return 0;
    let rows = 0;
    for (const item of this.queue) {
      if (item.key === head.key && !item.cancelled) rows += item.rows;
      if (rows >= maxBatchSize) return 0;
    }
    return maxQueueDelayMs - (this.clock.now() - head.enqueuedAt);
  }

  /** Removes the head and what may share its run, in order. */
  private take(): Item[] {
    const head = this.queue.shift()!;
    const { maxBatchSize } = this.options;
    if (maxBatchSize === 1 || this.queue.length === 0) return [head];
    const batch = [head];
    const kept: Item[] = [];
    let rows = head.rows;
    const depth = Math.min(SEARCH_DEPTH, this.queue.length);
    let at = 0;
    for (; at < depth && rows < maxBatchSize; at++) {
      const item = this.queue[at]!;
      if (item.cancelled) this.runner.drop(item);
      else if (item.key === head.key && rows + item.rows <= maxBatchSize) {
        batch.push(item);
        rows += item.rows;
      } else kept.push(item);
    }
    this.queue = kept.concat(this.queue.slice(at));
    return batch;
  }
}
