import type { Account, BatchItem, DropReason } from "../../../runtime/batching/batch-item";
import type { Clock } from "../../../runtime/batching/clock";
import { DynamicBatcher, type BatcherOptions } from "../../../runtime/batching/dynamic-batcher";

export interface ItemOptions {
  readonly rows?: number;
  readonly key?: string;
  readonly level?: number;
  readonly client?: string;
  readonly deadline?: number;
}

export class Item implements BatchItem {
  enqueuedAt = 0;
  tag = 0;
  order = 0;
  account: Account | undefined = undefined;
  hasRun = false;
  cancelled = false;
  readonly rows: number;
  key: string;
  alone = false;
  readonly level: number;
  readonly client: string;
  readonly deadline: number;

  constructor(
    readonly name: string,
    options: ItemOptions = {},
  ) {
    this.rows = options.rows ?? 1;
    this.key = options.key ?? "";
    this.level = options.level ?? 0;
    this.client = options.client ?? "";
    this.deadline = options.deadline ?? Infinity;
  }
}

/** Time that passes when the test says so; turns of the event loop end when `turn` is called. */
export class FakeClock implements Clock {
  private time = 0;
  private timers: { at: number; callback: () => void }[] = [];
  private ends: (() => void)[] = [];

  now = () => this.time;

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  endOfTurn(callback: () => void): void {
    this.ends.push(callback);
  }

  turn(): void {
    for (const callback of this.ends.splice(0)) callback();
  }

  advance(ms: number): void {
    this.time += ms;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.callback();
    this.turn();
  }

  get armed(): number {
    return this.timers.length;
  }
}

export function setup(options: Partial<BatcherOptions> = {}, slots = 1, depth = 1) {
  const clock = new FakeClock();
  const batches: string[][] = [];
  const dropped: [string, DropReason][] = [];
  const running: Item[][] = [];
  const batcher = new DynamicBatcher<Item>(
    {
      maxBatchSize: 4,
      maxQueueDelayMs: 0,
      preferredBatchSizes: [],
      maxSize: 10,
      levels: 1,
      timeoutMs: Infinity,
      timeoutAction: "reject",
      ...options,
    },
    {
      freeSlots: () => slots * depth - running.length,
      idleSlots: () => slots - running.length,
      runningCount: () => running.length,
      start: (batch) => {
        running.push(batch);
        batches.push(batch.map((item) => item.name));
      },
      drop: (item, reason) => dropped.push([item.name, reason]),
    },
    clock,
  );
  /** Enqueues within one turn. */
  const add = (...items: (Item | string)[]) => {
    const taken = items.map((item) => batcher.enqueue(typeof item === "string" ? new Item(item) : item));
    return taken.every(Boolean);
  };
  /** The same, and ends the turn. */
  const send = (...items: (Item | string)[]) => {
    const taken = add(...items);
    clock.turn();
    return taken;
  };
  /** Ends the oldest run, and the turn. */
  const end = () => {
    const batch = running.shift()!;
    batcher.finished(batch.reduce((sum, item) => sum + item.rows, 0));
    clock.turn();
  };
  /** The same, and lets the time go by in which its callers may come back. */
  const finish = () => {
    end();
    if (running.length === 0 && batcher.pendingCount > 0) clock.advance(1);
  };
  return { clock, batches, dropped, running, batcher, add, send, end, finish };
}
