import assert from "node:assert/strict";
import fc from "fast-check";
import { Item, setup } from "./support";

const FULL = 4;
/** Runs that go past a request whose turn it is, and its own. */
const RUNS_PER_TURN = 5;

/** Full batches of one key without end: whoever is answered comes back. */
function flood(options: Parameters<typeof setup>[0] = {}, slots = 1, depth = 2, level = 0) {
  const server = setup({ maxBatchSize: FULL, maxSize: 1000, ...options }, slots, depth);
  const { add, batches, clock, running, end } = server;
  const popular = () => new Item("popular", { key: "popular", client: "flood", level });
  add(...Array.from({ length: 4 * FULL * slots }, popular));
  clock.turn();
  /** Ends the oldest run. */
  const cycle = () => {
    clock.advance(2);
    const back = running[0]!.filter(({ name }) => name === "popular").map(popular);
    add(...back);
    end();
  };
  const startOf = (name: string) => batches.findIndex((batch) => batch.includes(name));
  return { ...server, cycle, startOf };
}

describe("beside full batches of another key", () => {
  it("a request starts after a few runs, and gathers company until then", () => {
    const { add, batches, cycle, startOf } = flood();
    add(new Item("rare", { key: "rare", client: "other" }));
    const arrived = batches.length;
    for (let i = 0; i < 3; i++) cycle();
    add(new Item("company", { key: "rare", client: "other" }));
    for (let i = 0; i < 20; i++) cycle();
    assert.equal(startOf("rare") - arrived + 1, RUNS_PER_TURN);
    assert.deepEqual(batches[startOf("rare")], ["rare", "company"]);
  });

  it("a request that has waited as long as the delay says goes next", () => {
    const { add, batches, cycle, startOf } = flood({ maxQueueDelayMs: 3 });
    add(new Item("rare", { key: "rare", client: "other" }));
    const arrived = batches.length;
    for (let i = 0; i < 4; i++) cycle();
    assert.equal(startOf("rare") - arrived, 1);
  });

  it("a request of a higher priority goes next", () => {
    const { add, batches, cycle, startOf } = flood({ levels: 2 }, 1, 2, 1);
    add(new Item("urgent", { key: "rare", client: "other" }));
    const arrived = batches.length;
    cycle();
    cycle();
    assert.equal(startOf("urgent"), arrived);
  });

  it("a request that goes before its time does not count as one whose company stayed away", () => {
    const { batches, send, end } = setup({ levels: 2 });
    const alone = Object.assign(new Item("alone", { key: "alone", level: 1 }), { alone: true });
    send("a");
    send("a2", alone);
    end();
    assert.deepEqual(batches[1], ["a2"], "of a higher priority");
    send("b");
    alone.cancelled = true;
    end();
    assert.equal(batches.length, 2, "the caller of a2 may come back");
    send("b2");
    assert.deepEqual(batches[2], ["b", "b2"]);
  });

  it("a request that was put behind all others goes past none of a lower priority", () => {
    const { batches, clock, send, end } = setup(
      { levels: 2, timeoutMs: 10, timeoutAction: "delay", maxQueueDelayMs: 50 },
      2,
    );
    const alone = (name: string) => Object.assign(new Item(name, { key: name }), { alone: true });
    send(alone("busy 1"), alone("busy 2"));
    send(alone("delayed"));
    clock.advance(11);
    send(new Item("lower", { key: "lower", level: 1 }));
    end();
    assert.deepEqual(batches.slice(2), [["lower"]]);
  });

  it("every request starts within so many runs, whatever comes when", () => {
    const arrival = fc.record({
      after: fc.integer({ min: 0, max: 12 }),
      key: fc.constantFrom("x", "y", "z"),
      client: fc.constantFrom("flood", "one", "two"),
    });
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0, 5),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 2 }),
        (arrivals, maxQueueDelayMs, slots, depth) => {
          const { add, batcher, batches, cycle, startOf } = flood({ maxQueueDelayMs }, slots, depth);
          const expected: { name: string; by: number }[] = [];
          arrivals.forEach(({ after, key, client }, i) => {
            for (let run = 0; run < after; run++) cycle();
            const name = `rare ${i}`;
            const ahead = batcher.pendingCount + arrivals.length;
            expected.push({ name, by: batches.length + RUNS_PER_TURN * (ahead + 1) });
            add(new Item(name, { key, client }));
          });
          const last = Math.max(...expected.map(({ by }) => by));
          while (batches.length <= last) cycle();
          for (const { name, by } of expected) {
            assert.ok(
              startOf(name) >= 0 && startOf(name) <= by,
              `${name}: run ${startOf(name)}, not by ${by}`,
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("a request whose run with others failed", () => {
  const again = (item: Item) => Object.assign(item, { key: `again:${item.name}`, alone: true });

  it("runs again although the queue's timeout is over: it has waited its time", () => {
    for (const timeoutAction of ["reject", "delay"] as const) {
      const { batches, batcher, clock, dropped, running, send, end } = setup({
        timeoutMs: 10,
        timeoutAction,
      });
      send("a", "b");
      clock.advance(15);
      for (const item of running[0]!) batcher.requeue(again(item));
      end();
      clock.advance(15);
      end();
      assert.deepEqual([batches, dropped], [[["a", "b"], ["a"], ["b"]], []]);
    }
  });

  it("is dropped at its own deadline all the same", () => {
    const { batches, batcher, clock, dropped, running, send, end } = setup({ timeoutMs: 10 });
    send(new Item("a"), new Item("b", { deadline: 20 }));
    clock.advance(15);
    for (const item of running[0]!) batcher.requeue(again(item));
    end();
    clock.advance(5);
    assert.deepEqual([batches, dropped], [[["a", "b"], ["a"]], [["b", "expired"]]]);
  });
});
