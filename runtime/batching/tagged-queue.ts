import type { BatchItem } from "./batch-item";

function precedes(a: BatchItem, b: BatchItem): boolean {
  return a.tag < b.tag || (a.tag === b.tag && a.order < b.order);
}

/** Places of the array that were served and may be wasted before it is cut. */
const SLACK = 64;

/**
 * Items in the order of their tags. Where they come in that order anyway, as they do from a single client, they stand
 * in an array that is read from its front; only what overtakes others goes through a heap.
 */
export class TaggedQueue<Item extends BatchItem> {
  private line: (Item | undefined)[] = [];
  private front = 0;
  private readonly heap: Item[] = [];
  private rowCount = 0;

  get length(): number {
    return this.line.length - this.front + this.heap.length;
  }

  /** Rows of all items together. */
  get rows(): number {
    return this.rowCount;
  }

  push(item: Item): void {
    this.rowCount += item.rows;
    const last = this.line[this.line.length - 1];
    if (last === undefined || precedes(last, item)) this.line.push(item);
    else this.raise(item);
  }

  peek(): Item | undefined {
    const first = this.line[this.front];
    const overtaker = this.heap[0];
    if (first === undefined || overtaker === undefined) return first ?? overtaker;
    return precedes(overtaker, first) ? overtaker : first;
  }

  pop(): Item | undefined {
    const item = this.peek();
    if (item === undefined) return undefined;
    this.rowCount -= item.rows;
    if (item === this.line[this.front]) this.advance();
    else this.lower();
    return item;
  }

  /** Takes out the last item that passes; looks from the end, where the items of a client with many stand. */
  popLast(passes: (item: Item) => boolean): Item | undefined {
    for (let i = this.line.length - 1; i >= this.front; i--) {
      const item = this.line[i]!;
      if (!passes(item)) continue;
      this.rowCount -= item.rows;
      this.line.splice(i, 1);
      return item;
    }
    const last = this.heap.filter(passes).sort((a, b) => (precedes(a, b) ? 1 : -1))[0];
    if (last) this.keep((item) => item !== last);
    return last;
  }

  /** Takes out every item that does not pass. */
  keep(passes: (item: Item) => boolean): void {
    const items = [...this.line.slice(this.front), ...this.heap].filter((item) => passes(item!)) as Item[];
    this.line = items.sort((a, b) => (precedes(a, b) ? -1 : 1));
    this.front = 0;
    this.heap.length = 0;
    this.rowCount = items.reduce((sum, item) => sum + item.rows, 0);
  }

  private advance(): void {
    this.line[this.front++] = undefined;
    if (this.front === this.line.length) {
      this.line.length = 0;
      this.front = 0;
    } else if (this.front > SLACK && this.front * 2 > this.line.length) {
      this.line.splice(0, this.front);
      this.front = 0;
    }
  }

  private raise(item: Item): void {
    const { heap } = this;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!precedes(item, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  /** Fills the gap at the heap's top. */
  private lower(): void {
    const { heap } = this;
    const item = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child++;
      if (!precedes(heap[child]!, item)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = item;
  }
}
