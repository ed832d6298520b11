import assert from "node:assert/strict";
import { Item, setup } from "./support";

describe("DynamicBatcher", () => {
  it("starts a lone request at the end of the turn, whatever the delay", () => {
    const { batches, add, clock } = setup({ maxQueueDelayMs: 50 });
    add("a");
    assert.deepEqual(batches, []);
    clock.turn();
    assert.deepEqual(batches, [["a"]]);
  });

  it("runs what comes within one turn together", () => {
    const { batches, send } = setup();
    send("a", "b", "c");
    assert.deepEqual(batches, [["a", "b", "c"]]);
  });

  it("runs what has gathered together, oldest first", () => {
    const { batches, send, finish } = setup();
    for (const name of ["a", "b", "c", "d", "e", "f"]) send(name);
    finish();
    finish();
    assert.deepEqual(batches, [["a"], ["b", "c", "d", "e"], ["f"]]);
  });

  it("runs one request at a time where the batch size is 1", () => {
    const { batches, send, finish } = setup({ maxBatchSize: 1 });
    send("a", "b", "c");
    finish();
    assert.deepEqual(batches, [["a"], ["b"]]);
  });

  it("gives every free slot a batch", () => {
    const { batches, send } = setup({ maxBatchSize: 2 }, 2);
    send("a", "b", "c", "d", "e");
    assert.deepEqual(batches, [
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("hands a busy worker nothing but full batches ahead of time", () => {
    const { batches, send, finish } = setup({ maxBatchSize: 2 }, 1, 2);
    send("a");
    send("b");
    assert.deepEqual(batches, [["a"]]);
    send("c", "d");
    assert.deepEqual(batches, [["a"], ["b", "c"]]);
    send("e", "f");
    finish();
    assert.deepEqual(batches[2], ["d", "e"]);
  });

  it("counts a request's own rows and runs one that is too large alone", () => {
    const { batches, send, finish } = setup();
    send("busy");
    send(new Item("a", { rows: 3 }), new Item("b", { rows: 2 }), new Item("c"), new Item("d", { rows: 9 }));
    for (let i = 0; i < 3; i++) finish();
    assert.deepEqual(batches, [["busy"], ["a", "c"], ["b"], ["d"]]);
  });

  it("never mixes requests of different keys, and serves the keys in the order of their oldest", () => {
    const { batches, send, finish } = setup();
    send("busy");
    const keyed = (name: string, key: string) => new Item(name, { key });
    send(keyed("a", "x"), keyed("b", "y"), keyed("c", "x"), keyed("d", "y"));
    finish();
    finish();
    assert.deepEqual(batches, [["busy"], ["a", "c"], ["b", "d"]]);
  });

  it("runs a request again before those that came after it", () => {
    const { batches, batcher, send, running, finish } = setup({ maxBatchSize: 2 });
    send("a", "b", "c", "d");
    const [first, second] = running[0]!;
    Object.assign(first!, { key: "1", alone: true });
    Object.assign(second!, { key: "2", alone: true });
    batcher.requeue(first!);
    batcher.requeue(second!);
    for (let i = 0; i < 3; i++) finish();
    assert.deepEqual(batches, [["a", "b"], ["a"], ["b"], ["c", "d"]]);
  });

  it("does not run requests whose callers have gone, and says which once", () => {
    const { batches, dropped, send, finish } = setup();
    send("busy");
    const items = ["a", "b", "c"].map((name) => new Item(name));
    send(...items);
    items[0]!.cancelled = items[1]!.cancelled = true;
    finish();
    assert.deepEqual(batches, [["busy"], ["c"]]);
    assert.deepEqual(dropped, [
      ["a", "cancelled"],
      ["b", "cancelled"],
    ]);
  });

  it("gives back what waits when it is cleared", () => {
    const { batcher, clock, send } = setup({ maxQueueDelayMs: 10, timeoutMs: 50 });
    send("busy", new Item("x", { key: "x" }));
    send("a");
    assert.deepEqual(
      batcher.clear().map(({ name }) => name),
      ["x", "a"],
    );
    assert.deepEqual([batcher.pendingCount, clock.armed], [0, 0]);
  });

  describe("with a delay", () => {
    it("holds a partial batch back while a run is in flight, until the delay of its oldest request", () => {
      const { batches, clock, send } = setup({ maxQueueDelayMs: 10 }, 2);
      send("busy");
      send("a");
      clock.advance(9);
      send("b");
      assert.equal(batches.length, 1);
      clock.advance(1);
      assert.deepEqual(batches, [["busy"], ["a", "b"]]);
    });

    it("starts a full batch before the delay is over", () => {
      const { batches, clock, send } = setup({ maxQueueDelayMs: 10, maxBatchSize: 2 }, 2);
      send("busy");
      send("a", "b");
      assert.deepEqual(batches, [["busy"], ["a", "b"]]);
      assert.equal(clock.armed, 0);
    });

    it("lets a full batch of another key go first", () => {
      const { batches, clock, send } = setup({ maxQueueDelayMs: 10, maxBatchSize: 2 }, 3);
      send("busy");
      send("a", new Item("b", { key: "x" }), new Item("c", { key: "x" }));
      assert.deepEqual(batches, [["busy"], ["b", "c"]]);
      clock.advance(10);
      assert.deepEqual(batches[2], ["a"]);
    });

    it("goes at once at a preferred size, and with the largest that there are rows for", () => {
      const { batches, send } = setup(
        { maxQueueDelayMs: 10, maxBatchSize: 8, preferredBatchSizes: [2, 4] },
        4,
      );
      send("busy");
      send("a");
      assert.equal(batches.length, 1);
      send("b");
      send("c", "d", "e", "f", "g");
      assert.deepEqual(batches, [["busy"], ["a", "b"], ["c", "d", "e", "f"]]);
    });
  });

  describe("after a run", () => {
    it("waits for those who were there with it, and goes as soon as they are back", () => {
      const { batches, send, end } = setup();
      send("a");
      send("b", "c");
      end();
      assert.equal(batches.length, 1, "the caller of a may come back");
      send("a2");
      assert.deepEqual(batches, [["a"], ["b", "c", "a2"]]);
    });

    it("waits for a millisecond, or for the delay where there is one", () => {
      for (const [maxQueueDelayMs, waits] of [
        [0, 1],
        [10, 10],
      ] as const) {
        const { batches, clock, send, end } = setup({ maxQueueDelayMs });
        send("a");
        send("b");
        end();
        clock.advance(waits - 0.5);
        assert.equal(batches.length, 1);
        clock.advance(0.5);
        assert.deepEqual(batches, [["a"], ["b"]]);
      }
    });

    it("gives up waiting for callers who do not come back, for twice as many runs each time", () => {
      const { batches, clock, send, end, running } = setup();
      const waited: number[] = [];
      send("first");
      for (let i = 0; i < 40; i++) {
        send("next");
        end();
        if (running.length === 0) {
          waited.push(i);
          clock.advance(1);
        }
      }
      assert.deepEqual(waited, [0, 2, 6, 14, 30]);
      assert.equal(batches.length, 41);
    });

    it("waits for nobody where a full batch is there, or where it does not batch", () => {
      for (const maxBatchSize of [1, 2]) {
        const { batches, send, end } = setup({ maxBatchSize });
        send("a", "b", "c", "d");
        end();
        assert.equal(batches.length, 2);
      }
    });

    it("makes a single caller never wait, and nobody after a pause", () => {
      const { batches, clock, send, end } = setup({ maxQueueDelayMs: 10 });
      for (let i = 1; i <= 3; i++) {
        send("alone");
        assert.equal(batches.length, i);
        end();
      }
      send("a", "b", "c");
      end();
      clock.advance(11);
      send("d");
      assert.deepEqual(batches[4], ["d"]);
    });
  });

  describe("with deadlines", () => {
    it("drops what has waited too long at its time, without running it", () => {
      const { batches, dropped, clock, send, finish } = setup();
      send("busy");
      send(new Item("a", { deadline: 5 }), new Item("b", { deadline: 20 }), "c");
      clock.advance(5);
      assert.deepEqual(dropped, [["a", "expired"]]);
      clock.advance(10);
      finish();
      assert.deepEqual(batches, [["busy"], ["b", "c"]]);
      assert.deepEqual(dropped, [["a", "expired"]]);
    });

    it("does not run a request whose deadline was over when it came", () => {
      const { batches, dropped, send } = setup();
      send(new Item("late", { deadline: 0 }), "a");
      assert.deepEqual([batches, dropped], [[["a"]], [["late", "expired"]]]);
    });

    it("applies the queue's timeout to all, and the request's own where it is shorter", () => {
      const { dropped, clock, send } = setup({ timeoutMs: 10 });
      send("busy");
      send("a", new Item("b", { deadline: 4 }), new Item("c", { deadline: 100 }));
      clock.advance(4);
      assert.deepEqual(dropped, [["b", "expired"]]);
      clock.advance(6);
      assert.deepEqual(dropped, [
        ["b", "expired"],
        ["a", "expired"],
        ["c", "expired"],
      ]);
    });

    it("moves what has waited too long behind all others under the action `delay`, deadlines aside", () => {
      const { batches, dropped, clock, send, finish } = setup({
        timeoutMs: 10,
        timeoutAction: "delay",
        maxBatchSize: 1,
      });
      send("busy");
      send("slow", new Item("gone", { deadline: 30 }));
      clock.advance(10);
      send("a", "b");
      finish();
      finish();
      clock.advance(20);
      finish();
      assert.deepEqual(batches, [["busy"], ["a"], ["b"], ["slow"]]);
      assert.deepEqual(dropped, [["gone", "expired"]]);
    });
  });

  describe("when its queue is full", () => {
    it("refuses, but makes room by dropping those whose callers have gone or whose time is over", () => {
      const { dropped, clock, send } = setup({ maxSize: 3 });
      send("busy");
      const gone = new Item("gone");
      assert.ok(send(gone, new Item("late", { deadline: 5 }), "a"));
      assert.equal(send("b"), false);
      gone.cancelled = true;
      clock.advance(6);
      assert.ok(send("c", "d"));
      assert.equal(send("e"), false);
      assert.deepEqual(dropped, [
        ["gone", "cancelled"],
        ["late", "expired"],
      ]);
    });

    it("takes the place from the client that has most of it", () => {
      const { batches, dropped, send, finish } = setup({ maxSize: 4, maxBatchSize: 8 });
      send("busy");
      const of = (client: string, name: string) => new Item(name, { client });
      send(...["f1", "f2", "f3", "f4"].map((name) => of("flood", name)));
      assert.ok(send(of("other", "o1")));
      assert.ok(send(of("other", "o2")));
      assert.equal(send(of("other", "o3")), false, "it has half of the queue by now");
      assert.equal(send(of("flood", "f5")), false);
      assert.deepEqual(dropped, [
        ["f4", "evicted"],
        ["f3", "evicted"],
      ]);
      finish();
      assert.deepEqual(batches[1]!.sort(), ["f1", "f2", "o1", "o2"]);
    });

    it("takes the place from a lower priority", () => {
      const { dropped, send } = setup({ maxSize: 2, levels: 2 });
      send("busy");
      send(new Item("low", { level: 1 }), new Item("high"));
      assert.ok(send(new Item("high2")));
      assert.equal(send(new Item("low2", { level: 1 })), false);
      assert.deepEqual(dropped, [["low", "evicted"]]);
    });
  });

  describe("with priorities", () => {
    it("serves the first level first, and fills its batches from the others", () => {
      const { batches, send, finish } = setup({ levels: 3, maxBatchSize: 2 });
      send("busy");
      const at = (name: string, level: number) => new Item(name, { level });
      send(at("c1", 2), at("b1", 1), at("a1", 0), at("b2", 1), at("a2", 0), at("a3", 0));
      for (let i = 0; i < 3; i++) finish();
      assert.deepEqual(batches, [["busy"], ["a1", "a2"], ["a3", "b1"], ["b2", "c1"]]);
    });
  });

  describe("with several clients", () => {
    it("shares rows among them, however many one of them sends", () => {
      const { batches, send, finish } = setup({ maxBatchSize: 4, maxSize: 1000 });
      send("busy");
      for (let i = 0; i < 200; i++) send(new Item(`f${i}`, { client: "flood" }));
      for (let i = 0; i < 4; i++) send(new Item(`o${i}`, { client: "other" }));
      finish();
      finish();
      assert.deepEqual(batches.slice(1), [
        ["f0", "o0", "f1", "o1"],
        ["f2", "o2", "f3", "o3"],
      ]);
    });

    it("counts rows, not requests", () => {
      const { batches, send, finish } = setup({ maxBatchSize: 1, maxSize: 1000 });
      send("busy");
      for (let i = 0; i < 3; i++) send(new Item(`big${i}`, { client: "big", rows: 4 }));
      for (let i = 0; i < 8; i++) send(new Item(`s${i}`, { client: "small" }));
      for (let i = 0; i < 8; i++) finish();
      assert.deepEqual(batches.slice(1).flat(), ["big0", "s0", "s1", "s2", "s3", "big1", "s4", "s5"]);
    });

    it("owes nothing to a client that was away", () => {
      const { batches, send, finish } = setup({ maxBatchSize: 1, maxSize: 1000 });
      send("busy");
      const of = (client: string, name: string) => new Item(name, { client });
      send(of("x", "x0"), of("y", "y0"));
      for (let i = 1; i < 5; i++) send(of("x", `x${i}`));
      for (let i = 0; i < 4; i++) finish();
      send(of("y", "y1"), of("y", "y2"), of("x", "x5"));
      for (let i = 0; i < 5; i++) finish();
      assert.deepEqual(batches.slice(1).flat(), ["x0", "y0", "x1", "x2", "y1", "x3", "y2", "x4", "x5"]);
    });
  });

  it("keeps a queue of 20,000 requests cheap", () => {
    const { batcher, batches, send, finish } = setup({ maxBatchSize: 32, maxSize: 200_000 });
    send("busy");
    for (let i = 0; i < 20_000; i++) batcher.enqueue(new Item(String(i)));
    const { user } = process.cpuUsage();
    while (batcher.pendingCount > 0) finish();
    assert.equal(batches.length, 626);
    assert.ok(process.cpuUsage().user - user < 250_000, "some 10 ms where nothing is moved about");
  });
});
