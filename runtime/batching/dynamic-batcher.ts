import type { BatchItem, DropReason } from "./batch-item";
import { systemClock, type Clock } from "./clock";
import { RequestQueue, type QueueLimits } from "./request-queue";

export interface BatchLimits {
  /** Rows that one run may have; a request with more runs alone. 1 means no batching. */
  readonly maxBatchSize: number;
  /** Milliseconds that the oldest request may wait for company while the model is busy. */
  readonly maxQueueDelayMs: number;
}

export interface BatcherOptions extends BatchLimits, QueueLimits {
  /** Sizes in rows, ascending, at which a batch goes without waiting further. */
  readonly preferredBatchSizes: readonly number[];
}

/** Whoever runs batches. */
export interface BatchRunner<Item> {
  /** Runs that could be handed over now, be it to whoever is busy with another one. */
  freeSlots(): number;
  /** Runs that would start at once. */
  idleSlots(): number;
  /** Runs that are under way. */
  runningCount(): number;
  /** Starts a run. Never throws; calls `batcher.finished()` when it has ended. */
  start(batch: Item[], rows: number): void;
  /** Settles an item that will not run. */
  drop(item: Item, reason: DropReason): void;
}

/** Milliseconds after a run that callers who were answered have to come back, where no delay is configured. */
const RETURN_MS = 1;
/** Runs that callers who do not come back are not waited for, at most. */
const MOST_PASSES = 256;
/** Runs in succession that may be handed over past the request whose turn it is, while that gathers company. */
const MOST_OVERTAKES = 4;

/**
 * Queues requests and hands them on in batches. What comes within one turn of the event loop goes together, and a request
 * that comes alone waits for nobody. Requests are held back only where that costs little and fills batches:
 * - while other runs are in flight, until the delay of the oldest is over;
 * - right after a run, until as many are there as were under way together with it: callers who send one request after
 *   the other would else take turns in half-empty batches for ever. Where they do not come back at once, this is given
 *   up for twice as many runs each time.
 * Meanwhile full batches of other keys go ahead, but only a few times in succession, and never ones of a lower priority:
 * every request's turn comes, however busy the others are.
 */
export class DynamicBatcher<Item extends BatchItem> {
  private readonly queue: RequestQueue<Item>;
  private limits: BatchLimits;
  private cancelTimer: (() => void) | undefined;
  private timerAt = Infinity;
  private turnPending = false;
  /** Rows that were under way or waiting when a run ended last, and when that was. */
  private company = 0;
  private finishedAt = -Infinity;
  /** Whether a batch is held back for callers who may come back. */
  private gathering = false;
  /** How often in succession they did not. */
  private disappointments = 0;
  /** Runs after which they are not waited for, because of that. */
  private passes = 0;
  /** Runs in succession that went past the request whose turn it was. */
  private overtakes = 0;

  constructor(
    private readonly options: BatcherOptions,
    private readonly runner: BatchRunner<Item>,
    private readonly clock: Clock = systemClock,
  ) {
    this.limits = options;
    this.queue = new RequestQueue(options, (item, reason) => runner.drop(item, reason));
  }

  get pendingCount(): number {
    return this.queue.length;
  }

  /** Other limits from now on; they never exceed those of the options. */
  set batchLimits(limits: BatchLimits) {
    this.limits = limits;
  }

  get batchLimits(): BatchLimits {
    return this.limits;
  }

  /** Takes an item; false when the queue is full. It runs at the end of this turn of the event loop at the earliest. */
  enqueue(item: Item): boolean {
    item.enqueuedAt = this.clock.now();
    if (!this.queue.push(item, item.enqueuedAt)) return false;
    if (!this.turnPending) this.wake();
    return true;
  }

  /** Takes an item back whose run ended without an answer for it; it goes first. */
  requeue(item: Item): void {
    this.queue.putBack(item);
    this.wake();
  }

  /** A run of so many rows has ended. */
  finished(rows: number): void {
    this.finishedAt = this.clock.now();
    this.company = rows;
    if (this.passes > 0) this.passes--;
    if (this.queue.length === 0) return;
    this.company += this.waitingRows();
    this.wake();
  }

  /** To be called whenever a slot may have become free. */
  wake(): void {
    if (this.turnPending || this.queue.length === 0) return;
    this.turnPending = true;
    this.clock.endOfTurn(this.dispatch);
  }

  /** Empties the queue, e.g. because the model has gone; the caller settles the items. */
  clear(): Item[] {
    this.stopTimer();
    return this.queue.clear();
  }

  private readonly dispatch = (): void => {
    this.turnPending = false;
    const { queue, runner } = this;
    const now = this.clock.now();
    let dueAt = Infinity;
    while (queue.length > 0 && runner.freeSlots() > 0) {
      dueAt = Infinity;
      let held = false;
      let next =
        this.limits.maxBatchSize > 1
          ? queue.peek(now, (key, head) => {
              const at = this.dueAt(key, head);
              if (at <= now) return true;
              held = true;
              dueAt = Math.min(dueAt, at);
              return false;
            })
          : queue.peek(now);
      if (!next) break;
      const due = next.key;
      if (held) next = this.inTurn(next, now);
      else this.overtakes = 0;
      // One whose turn came before its time says nothing of callers who were still expected.
      if (next.key !== due) this.gathering = false;
      if (this.gathering) this.gathered(next.key);
      const { items, rows } = queue.take(next.key, this.sizeFor(next.key), now);
      runner.start(items, rows);
    }
    if (runner.freeSlots() <= 0) dueAt = Infinity;
    if (queue.length === 0) this.stopTimer();
    else this.startTimer(Math.min(dueAt, queue.nextExpiry), now);
  };

  /** What is handed over: the batch that is due, or the one whose turn it is where that has been overtaken enough. */
  private inTurn(due: Item, now: number): Item {
    const level = this.queue.levelOf(due);
    const first = this.queue.peek(now)!;
    if (first.key !== due.key) {
      const { maxQueueDelayMs } = this.limits;
      const hasWaited = maxQueueDelayMs > 0 && now >= first.enqueuedAt + maxQueueDelayMs;
      if (this.queue.levelOf(first) >= level && !hasWaited && this.overtakes < MOST_OVERTAKES) {
        this.overtakes++;
        return due;
      }
    }
    this.overtakes = 0;
    return first;
  }

  /** From when on a group's next batch need not wait for company any longer. */
  private dueAt(key: string, head: Item): number {
    const { maxBatchSize, maxQueueDelayMs } = this.limits;
    const rows = this.queue.rowsOf(key);
    if (head.alone || rows >= maxBatchSize) return -Infinity;
    // Full batches are handed over early, which hides the hop to the worker; others go on gathering meanwhile.
    if (this.runner.idleSlots() <= 0) return Infinity;
    if (this.options.preferredBatchSizes.some((size) => size <= rows && size <= maxBatchSize))
      return -Infinity;
    if (this.runner.runningCount() > 0) return head.enqueuedAt + maxQueueDelayMs;
    if (rows >= this.company || this.passes > 0) return -Infinity;
    const until = this.finishedAt + (maxQueueDelayMs || RETURN_MS);
    if (until > this.clock.now()) this.gathering = true;
    return until;
  }

  /** Learns whether callers come back as soon as they are answered. */
  private gathered(key: string): void {
    this.gathering = false;
    if (this.queue.rowsOf(key) >= Math.min(this.company, this.limits.maxBatchSize)) {
      this.disappointments = 0;
      return;
    }
    this.disappointments++;
    this.passes = Math.min(2 ** this.disappointments, MOST_PASSES);
  }

  /** Rows of a group's next batch: a preferred number where there are as many. */
  private sizeFor(key: string): number {
    const { maxBatchSize } = this.limits;
    const preferred = this.options.preferredBatchSizes;
    if (preferred.length === 0) return maxBatchSize;
    const rows = this.queue.rowsOf(key);
    if (rows >= maxBatchSize) return maxBatchSize;
    let size = maxBatchSize;
    for (const candidate of preferred) if (candidate <= rows && candidate <= maxBatchSize) size = candidate;
    return size;
  }

  private waitingRows(): number {
    const next = this.queue.peek(this.finishedAt);
    return next ? this.queue.rowsOf(next.key) : 0;
  }

  private startTimer(at: number, now: number): void {
    if (at === this.timerAt) return;
    this.stopTimer();
    if (at === Infinity) return;
    this.timerAt = at;
    this.cancelTimer = this.clock.after(Math.max(0, at - now), () => {
      this.timerAt = Infinity;
      this.cancelTimer = undefined;
      const time = this.clock.now();
      if (this.queue.nextExpiry <= time) this.queue.sweep(time);
      this.wake();
    });
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.timerAt = Infinity;
  }
}
