import assert from "node:assert/strict";
import fc from "fast-check";
import { Item, setup } from "./support";

const request = fc.record({
  kind: fc.constant("request" as const),
  rows: fc.integer({ min: 1, max: 6 }),
  key: fc.constantFrom("x", "y"),
  level: fc.integer({ min: 0, max: 2 }),
  client: fc.constantFrom("one", "two", "three"),
  lifetime: fc.option(fc.integer({ min: 0, max: 30 }), { nil: Infinity }),
});
const event = fc.oneof(
  { arbitrary: request, weight: 6 },
  fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("finish" as const) }),
  fc.record({ kind: fc.constant("retry" as const) }),
  fc.record({ kind: fc.constant("turn" as const) }),
  fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 12 }) }),
);
const options = fc.record({
  maxBatchSize: fc.integer({ min: 1, max: 5 }),
  maxQueueDelayMs: fc.constantFrom(0, 5),
  preferredBatchSizes: fc.constantFrom([], [2], [2, 4]),
  maxSize: fc.integer({ min: 1, max: 12 }),
  timeoutMs: fc.constantFrom(Infinity, 10),
  timeoutAction: fc.constantFrom("reject" as const, "delay" as const),
});

describe("any interleaving of requests, cancellations, time and runs", () => {
  it("runs, drops or refuses every request exactly once, and never mixes keys or exceeds the batch size", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), options, (events, limits) => {
        const { batcher, batches, clock, dropped, running, finish } = setup({ ...limits, levels: 3 }, 2);
        const items: Item[] = [];
        const refused: string[] = [];
        const retried = new Set<string>();
        for (const step of events) {
          if (step.kind === "request") {
            const deadline = clock.now() + step.lifetime;
            const item = new Item(String(items.length), { ...step, deadline });
            items.push(item);
            if (!batcher.enqueue(item)) refused.push(item.name);
          } else if (step.kind === "cancel" && items.length > 0) {
            items[step.which % items.length]!.cancelled = true;
          } else if (step.kind === "finish" && running.length > 0) finish();
          else if (step.kind === "retry" && running.length > 0 && !retried.has(running[0]![0]!.name)) {
            for (const item of running[0]!) {
              retried.add(item.name);
              item.key = `again:${item.name}`;
              item.alone = true;
              batcher.requeue(item);
            }
            finish();
          } else if (step.kind === "turn") clock.turn();
          else if (step.kind === "time") clock.advance(step.ms);
        }
        clock.turn();
        for (let rounds = 0; batcher.pendingCount > 0 || running.length > 0; rounds++) {
          assert.ok(rounds < 1000, "the queue does not empty");
          if (running.length > 0) finish();
          clock.advance(20);
        }
        assert.equal(clock.armed, 0, "no timer is left behind");
        const ended = [...batches.flat(), ...dropped.map(([name]) => name), ...refused];
        const expected = items.flatMap(({ name }) => {
          // A request that was run twice may have been dropped the second time.
          const times = ended.filter((other) => other === name).length;
          assert.ok(times === (retried.has(name) ? 2 : 1), `${name} ended ${times} times`);
          return Array<string>(times).fill(name);
        });
        assert.deepEqual(ended.sort(), expected.sort());
        for (const batch of batches) {
          const members = batch.map((name) => items[Number(name)]!);
          const rows = members.reduce((sum, item) => sum + item.rows, 0);
          assert.ok(members.length === 1 || rows <= limits.maxBatchSize);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps what one client sends under one key and level in its order", () => {
    const arrival = fc.record({ client: fc.constantFrom("one", "two"), finishes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (arrivals, size) => {
        const { batches, send, running, batcher, finish } = setup({ maxBatchSize: size, maxSize: 1000 });
        arrivals.forEach(({ client, finishes }, i) => {
          send(new Item(`${client} ${i}`, { client }));
          if (finishes && running.length > 0) finish();
        });
        while (batcher.pendingCount > 0) finish();
        for (const client of ["one", "two"]) {
          const order = batches.flat().filter((name) => name.startsWith(client));
          const numbers = order.map((name) => Number(name.split(" ")[1]));
          assert.deepEqual(
            numbers,
            [...numbers].sort((a, b) => a - b),
          );
        }
      }),
    );
  });
});
