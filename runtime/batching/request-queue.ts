import type { BatchItem, DropReason } from "./batch-item";
import { PriorityLevel } from "./priority-level";

export interface QueueLimits {
  /** Requests that may wait. */
  readonly maxSize: number;
  /** Levels of priority, >= 1. */
  readonly levels: number;
  /** Milliseconds that a request may wait before it runs for the first time, else it is refused or delayed; Infinity for any. */
  readonly timeoutMs: number;
  readonly timeoutAction: "reject" | "delay";
}

/** Milliseconds between two searches of a full queue for items whose callers have gone: a flood must not cost searches. */
const SEARCH_INTERVAL_MS = 5;
/** Items beyond the next that are searched for one that still fits into a batch. */
const SEARCH_DEPTH = 32;

/** What waits to be run: levels of priority, in each of them fair queues grouped by key. */
export class RequestQueue<Item extends BatchItem> {
  private readonly levels: PriorityLevel<Item>[];
  private count = 0;
  private searchedAt = -Infinity;
  private expiresAt = Infinity;

  constructor(
    private readonly limits: QueueLimits,
    private readonly drop: (item: Item, reason: DropReason) => void,
  ) {
    // The one behind the others holds what has waited too long under the action `delay`.
    const levels = limits.timeoutAction === "delay" ? limits.levels + 1 : limits.levels;
    this.levels = Array.from({ length: levels }, () => new PriorityLevel<Item>());
  }

  get length(): number {
    return this.count;
  }

  /** When the next item has waited too long; Infinity where none ever will. Never too late, perhaps too early. */
  get nextExpiry(): number {
    return this.expiresAt;
  }

  /** Takes an item in; false when the queue is full and nobody else is to give way. */
  push(item: Item, now: number): boolean {
    if (this.count >= this.limits.maxSize && !this.makeRoom(item, now)) return false;
    this.count++;
    this.levels[item.level]!.push(item);
    const expiry = this.expiryOf(item, item.level);
    if (expiry < this.expiresAt) this.expiresAt = expiry;
    return true;
  }

  /** Takes an item back in that had left the queue, before those that came after it. */
  putBack(item: Item): void {
    this.count++;
    // It has waited already, and what became of its run is not its fault: only its own deadline counts from here on.
    item.hasRun = true;
    this.levels[item.level]!.putBack(item);
    if (item.deadline < this.expiresAt) this.expiresAt = item.deadline;
  }

  /** The item to be served next, of those whose group passes; drops the ones on the way that must not run any more. */
  peek(now: number, passes?: (key: string, head: Item) => boolean): Item | undefined {
    for (let at = 0; at < this.levels.length; at++) {
      const level = this.levels[at]!;
      while (level.length > 0) {
        const item = level.peek(passes);
        if (!item) break;
        if (this.mayRun(item, at, now)) return item;
        this.remove(level, item, at, now);
      }
    }
    return undefined;
  }

  /** The level at which the first item of its group stands: behind all others where it has waited too long. */
  levelOf(head: Item): number {
    return this.levels.findIndex((level) => level.peekIn(head.key) === head);
  }

  /** Rows that wait under a key. */
  rowsOf(key: string): number {
    let rows = 0;
    for (const level of this.levels) if (level.length > 0) rows += level.rowsOf(key);
    return rows;
  }

  /** Removes up to `maxRows` rows of one key, the first item in any case. */
  take(key: string, maxRows: number, now: number): { items: Item[]; rows: number } {
    const items: Item[] = [];
    let rows = 0;
    for (let at = 0; at < this.levels.length && rows < maxRows; at++) {
      const level = this.levels[at]!;
      let skipped: Item[] | undefined;
      while (rows < maxRows && (skipped?.length ?? 0) < SEARCH_DEPTH) {
        const item = level.peekIn(key);
        if (!item) break;
        if (!this.mayRun(item, at, now)) {
          this.remove(level, item, at, now);
          continue;
        }
        level.pop(key);
        this.count--;
        if (items.length === 0 || rows + item.rows <= maxRows) {
          items.push(item);
          rows += item.rows;
        } else (skipped ??= []).push(item);
      }
      if (!skipped) continue;
      for (const item of skipped) level.putBack(item);
      this.count += skipped.length;
    }
    if (this.count === 0) this.expiresAt = Infinity;
    return { items, rows };
  }

  /** Drops what must not run any more, wherever it stands. */
  sweep(now: number): void {
    this.searchedAt = now;
    let next = Infinity;
    const delayed: Item[] = [];
    this.levels.forEach((level, at) => {
      if (level.length === 0) return;
      level.keep((item) => {
        const expiry = this.expiryOf(item, at);
        if (!item.cancelled && expiry > now) {
          next = Math.min(next, expiry);
          return true;
        }
        if (this.isDelayed(item, at, now)) delayed.push(item);
        else this.dropped(item);
        return false;
      });
    });
    for (const item of delayed) {
      this.levels[this.levels.length - 1]!.push(item);
      next = Math.min(next, item.deadline);
    }
    this.expiresAt = next;
  }

  /** Empties the queue. */
  clear(): Item[] {
    const items: Item[] = [];
    for (const level of this.levels) {
      level.keep((item) => {
        items.push(item);
        return false;
      });
    }
    this.count = 0;
    this.expiresAt = Infinity;
    return items;
  }

  private expiryOf(item: Item, level: number): number {
    if (level === this.limits.levels || item.hasRun) return item.deadline;
    return Math.min(item.deadline, item.enqueuedAt + this.limits.timeoutMs);
  }

  private mayRun(item: Item, level: number, now: number): boolean {
    return !item.cancelled && this.expiryOf(item, level) > now;
  }

  private isDelayed(item: Item, level: number, now: number): boolean {
    return (
      !item.cancelled &&
      item.deadline > now &&
      this.limits.timeoutAction === "delay" &&
      level < this.limits.levels
    );
  }

  /** Takes the first item of its group out, which must not run, or not now. */
  private remove(level: PriorityLevel<Item>, item: Item, at: number, now: number): void {
    level.pop(item.key);
    if (this.isDelayed(item, at, now)) this.levels[this.levels.length - 1]!.push(item);
    else this.dropped(item);
  }

  private dropped(item: Item): void {
    this.count--;
    this.drop(item, item.cancelled ? "cancelled" : "expired");
  }

  /**
   * Finds a place in a full queue: that of an item which must not run any more, else the last one of a lower priority,
   * else the last one of the client that has more waiting than the newcomer's would have.
   */
  private makeRoom(newcomer: Item, now: number): boolean {
    if (now - this.searchedAt >= SEARCH_INTERVAL_MS) {
      this.sweep(now);
      if (this.count < this.limits.maxSize) return true;
    }
    for (let at = this.levels.length - 1; at >= newcomer.level; at--) {
      const level = this.levels[at]!;
      if (level.length === 0) continue;
      const heaviest = level.heaviestAccount();
      if (!heaviest) return false;
      if (at === newcomer.level && heaviest.waiting <= level.waitingOf(newcomer.client) + 1) return false;
      const evicted = level.popLastOf(heaviest);
      if (!evicted) return false;
      this.count--;
      this.drop(evicted, "evicted");
      return true;
    }
    return false;
  }
}
