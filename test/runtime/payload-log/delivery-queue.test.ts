import assert from "node:assert/strict";
import pino from "pino";
import { DeliveryQueue, type PayloadSink } from "../../../runtime/payload-log/delivery-queue";

/** A sink that takes a batch when the test says so. */
class HeldSink implements PayloadSink {
  gather: PayloadSink["gather"];
  largest: PayloadSink["largest"];
  readonly taken: string[] = [];
  closed = false;
  private settle: ((error?: Error) => void)[] = [];

  deliver(lines: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle.push((error) => {
        if (error) return reject(error);
        this.taken.push(...lines);
        resolve();
      });
    });
  }

  get pending(): number {
    return this.settle.length;
  }

  /** Ends the delivery that is under way, and lets the queue begin the next one. */
  async end(error?: Error): Promise<void> {
    this.settle.shift()!(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

describe("DeliveryQueue", () => {
  let sink: HeldSink;
  let events: string[];
  let queue: DeliveryQueue;

  beforeEach(() => {
    sink = new HeldSink();
    events = [];
    queue = new DeliveryQueue(sink, {
      maxWaiting: 4,
      dropped: (reason, count) => events.push(`dropped ${count}: ${reason}`),
      written: (count) => events.push(`written ${count}`),
      log: pino({}, { write: (line: string) => void events.push((JSON.parse(line) as { msg: string }).msg) }),
    });
  });

  it("hands on in order what gathers while the sink is busy, as one batch", async () => {
    for (const line of ["a", "b", "c"]) queue.push(line);
    await sink.end();
    await sink.end();
    assert.deepEqual(sink.taken, ["a", "b", "c"]);
    assert.deepEqual(events, ["written 1", "written 2"]);
  });

  it("drops and counts what does not fit", async () => {
    queue.push("u");
    for (const line of ["123", "45", "6"]) queue.push(line);
    assert.deepEqual(events, ["dropped 1: queue"]);
    await sink.end();
    await sink.end();
    assert.deepEqual(sink.taken, ["u", "123", "6"]);
  });

  it("drops what the sink cannot take, says so once per outage, and goes on", async () => {
    for (const outcome of [new Error("ENOSPC"), new Error("ENOSPC"), undefined, new Error("EIO")]) {
      queue.push("x");
      await sink.end(outcome);
    }
    assert.deepEqual(events, [
      "dropped 1: sink",
      "the payload log cannot be written; entries are dropped until it can",
      "dropped 1: sink",
      "written 1",
      "the payload log is written again",
      "dropped 1: sink",
      "the payload log cannot be written; entries are dropped until it can",
    ]);
  });

  it("delivers what waits before it closes, and takes nothing after", async () => {
    queue.push("a");
    const closing = queue.close();
    queue.push("b");
    await sink.end();
    await closing;
    assert.deepEqual([sink.taken, sink.closed], [["a"], true]);
    assert.deepEqual(events, ["dropped 1: queue", "written 1"]);
  });

  it("does not wait for a sink that hangs, and says what is lost", async () => {
    queue.push("a");
    queue.push("b");
    await queue.close(1);
    assert.equal(sink.closed, false);
    assert.deepEqual(events, ["dropped 2: end", "the payload log was not delivered in full before the end"]);
  });

  it("drops what the sink would never take, alone", async () => {
    sink.largest = 2;
    for (const line of ["1", "123", "45"]) queue.push(line);
    await sink.end();
    await sink.end();
    assert.deepEqual(sink.taken, ["1", "45"]);
    assert.deepEqual(events, ["dropped 1: size", "written 1", "written 1"]);
  });

  describe("for a sink that gathers", () => {
    const MILLISECONDS = 40;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    beforeEach(() => (sink.gather = { characters: 3, milliseconds: MILLISECONDS }));

    it("waits for company, but no longer than it is told to", async () => {
      queue.push("a");
      queue.push("b");
      await pause(MILLISECONDS / 8);
      assert.equal(sink.pending, 0);
      await pause(MILLISECONDS);
      assert.equal(sink.pending, 1);
      await sink.end();
      assert.deepEqual(sink.taken, ["a", "b"]);
    });

    it("delivers at once when enough has come together, and waits anew for the rest", async () => {
      queue.push("ab");
      queue.push("cd");
      assert.equal(sink.pending, 1);
      queue.push("e");
      await sink.end();
      assert.deepEqual([sink.taken, sink.pending], [["ab", "cd"], 0]);
      await pause(MILLISECONDS * 1.25);
      await sink.end();
      assert.deepEqual(sink.taken, ["ab", "cd", "e"]);
    });

    it("delivers at the end without waiting", async () => {
      queue.push("a");
      const closing = queue.close();
      assert.equal(sink.pending, 1);
      await sink.end();
      await closing;
      assert.deepEqual([sink.taken, sink.closed], [["a"], true]);
    });
  });
});
