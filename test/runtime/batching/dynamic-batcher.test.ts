import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DynamicBatcher,
  type BatchItem,
  type BatcherOptions,
  type Clock,
} from "../../../runtime/batching/dynamic-batcher";
import { concatRows, splitRows } from "../../../runtime/batching/rows";

class Item implements BatchItem {
  enqueuedAt = 0;
  cancelled = false;
  constructor(
    readonly name: string,
    readonly rows = 1,
    readonly key = "",
  ) {}
}

class FakeClock implements Clock {
  private time = 0;
  private timers: { at: number; callback: () => void }[] = [];
  now = () => this.time;
  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }
  advance(ms: number): void {
    this.time += ms;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.callback();
  }
  get armed(): number {
    return this.timers.length;
  }
}

function setup(options: Partial<BatcherOptions> = {}, slots = 1) {
  const clock = new FakeClock();
  const batches: string[][] = [];
  const dropped: string[] = [];
  let running = 0;
  const batcher = new DynamicBatcher<Item>(
    { maxBatchSize: 4, maxQueueDelayMs: 0, maxQueueSize: 10, ...options },
    {
      freeSlots: () => slots - running,
      runningCount: () => running,
      start: (batch) => {
        running++;
        batches.push(batch.map((item) => item.name));
      },
      drop: (item) => dropped.push(item.name),
    },
    clock,
  );
  const finish = () => {
    running--;
    batcher.wake();
  };
  return { clock, batches, dropped, batcher, finish };
}

describe("DynamicBatcher", () => {
  it("starts a lone request at once, whatever the delay", () => {
    const { batcher, batches } = setup({ maxQueueDelayMs: 50 });
    batcher.enqueue(new Item("a"));
    assert.deepEqual(batches, [["a"]]);
  });

  it("runs what has gathered together, oldest first", () => {
    const { batcher, batches, finish } = setup();
    for (const name of ["a", "b", "c", "d", "e", "f"]) batcher.enqueue(new Item(name));
    finish();
    finish();
    assert.deepEqual(batches, [["a"], ["b", "c", "d", "e"], ["f"]]);
  });

  it("runs one request at a time where the batch size is 1", () => {
    const { batcher, batches, finish } = setup({ maxBatchSize: 1 });
    for (const name of ["a", "b", "c"]) batcher.enqueue(new Item(name));
    finish();
    assert.deepEqual(batches, [["a"], ["b"]]);
  });

  it("counts a request's own rows and runs one that is too large alone", () => {
    const { batcher, batches, finish } = setup();
    batcher.enqueue(new Item("busy"));
    for (const [name, rows] of [
      ["a", 3],
      ["b", 2],
      ["c", 1],
      ["d", 9],
    ] as const)
      batcher.enqueue(new Item(name, rows));
    for (let i = 0; i < 3; i++) finish();
    assert.deepEqual(batches, [["busy"], ["a", "c"], ["b"], ["d"]]);
  });

  it("never mixes requests of different keys", () => {
    const { batcher, batches, finish } = setup();
    batcher.enqueue(new Item("busy"));
    for (const [name, key] of [
      ["a", "x"],
      ["b", "y"],
      ["c", "x"],
      ["d", "y"],
    ] as const)
      batcher.enqueue(new Item(name, 1, key));
    finish();
    finish();
    assert.deepEqual(batches, [["busy"], ["a", "c"], ["b", "d"]]);
  });

  it("holds a partial batch back while a run is in flight, until the delay of its oldest request", () => {
    const { batcher, batches, clock } = setup({ maxQueueDelayMs: 10 }, 2);
    batcher.enqueue(new Item("busy"));
    batcher.enqueue(new Item("a"));
    clock.advance(9);
    batcher.enqueue(new Item("b"));
    assert.equal(batches.length, 1);
    clock.advance(1);
    assert.deepEqual(batches, [["busy"], ["a", "b"]]);
  });

  it("starts a full batch before the delay is over", () => {
    const { batcher, batches, clock } = setup({ maxQueueDelayMs: 10, maxBatchSize: 2 }, 2);
    for (const name of ["busy", "a", "b"]) batcher.enqueue(new Item(name));
    assert.deepEqual(batches, [["busy"], ["a", "b"]]);
    assert.equal(clock.armed, 0);
  });

  it("refuses more than may wait, but makes room by dropping those whose callers have gone", () => {
    const { batcher, dropped } = setup({ maxQueueSize: 2 });
    batcher.enqueue(new Item("busy"));
    const gone = new Item("gone");
    assert.ok(batcher.enqueue(gone));
    assert.ok(batcher.enqueue(new Item("a")));
    assert.equal(batcher.enqueue(new Item("b")), false);
    gone.cancelled = true;
    assert.ok(batcher.enqueue(new Item("c")));
    assert.deepEqual(dropped, ["gone"]);
  });

  it("does not run requests whose callers have gone, and says which once", () => {
    const { batcher, batches, dropped, finish } = setup();
    batcher.enqueue(new Item("busy"));
    const items = ["a", "b", "c"].map((name) => new Item(name));
    items.forEach((item) => batcher.enqueue(item));
    items[0]!.cancelled = items[1]!.cancelled = true;
    finish();
    assert.deepEqual(batches, [["busy"], ["c"]]);
    assert.deepEqual(dropped, ["a", "b"]);
  });

  it("runs every request exactly once, within the batch size, under random interleavings", () => {
    const request = fc.record({
      rows: fc.integer({ min: 1, max: 6 }),
      key: fc.constantFrom("x", "y"),
      finishes: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (requests, maxBatchSize) => {
          const { batcher, batches, finish } = setup({ maxBatchSize, maxQueueSize: 1000 });
          requests.forEach(({ rows, key, finishes }, i) => {
            batcher.enqueue(new Item(String(i), rows, key));
            if (finishes && batches.length > 0 && batcher.pendingCount > 0) finish();
          });
          while (batcher.pendingCount > 0) finish();
          assert.deepEqual(
            batches
              .flat()
              .map(Number)
              .sort((a, b) => a - b),
            requests.map((_, i) => i),
          );
          for (const batch of batches) {
            const members = batch.map((name) => requests[Number(name)]!);
            assert.equal(new Set(members.map(({ key }) => key)).size, 1);
            assert.ok(
              members.length === 1 || members.reduce((sum, { rows }) => sum + rows, 0) <= maxBatchSize,
            );
          }
        },
      ),
    );
  });
});

describe("concatRows and splitRows", () => {
  it("give each caller its rows back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (counts, width) => {
          let next = 0;
          const parts = counts.map((rows) => Float32Array.from({ length: rows * width }, () => next++));
          const back = splitRows(concatRows(parts), counts).map((part) => [...part]);
          assert.deepEqual(
            back,
            parts.map((part) => [...part]),
          );
        },
      ),
    );
  });

  it("work on texts", () => {
    assert.deepEqual(splitRows(concatRows([["a"], ["b", "c"]]), [1, 2]), [["a"], ["b", "c"]]);
  });

  it("refuse data that does not divide into the rows", () => {
    assert.throws(() => splitRows(new Float32Array(5), [1, 1]), /5 elements do not divide into 2 rows/);
  });
});
