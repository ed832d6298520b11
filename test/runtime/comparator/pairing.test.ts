import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Pairing } from "../../../runtime/comparator/pairing";
import type { SampledAnswer } from "../../../runtime/comparator/sampled-answer";
import type { Slot } from "../../../rollout/declaration";

const answer = (requestId: string, model = "m"): SampledAnswer => ({ requestId, model, outputs: [] });

function pairing(maxBytes = 100_000, timeoutMs = 1000) {
  const events: string[] = [];
  const made = new Pairing(
    { maxBytes, timeoutMs },
    {
      paired: (model, id, { blue, green }) =>
        events.push(`${model}/${id} ${blue.requestId}=${green.requestId}`),
      unpaired: (slot, reason) => events.push(`${slot} ${reason}`),
    },
  );
  return { made, events };
}

describe("Pairing", () => {
  it("brings both slots' answers to a request together, whichever comes first", () => {
    const { made, events } = pairing();
    made.offer("blue", answer("1"), 10, 0);
    made.offer("green", answer("2"), 10, 0);
    made.offer("blue", answer("2"), 10, 0);
    made.offer("green", answer("1"), 10, 0);
    assert.deepEqual(events, ["m/2 2=2", "m/1 1=1"]);
    assert.deepEqual([made.count, made.bytes], [0, 0]);
  });

  it("keeps requests of different models apart, whatever their names", () => {
    const { made, events } = pairing();
    made.offer("blue", answer('1","x', "a"), 1, 0);
    made.offer("green", answer("1", 'a","x'), 1, 0);
    assert.deepEqual(events, []);
  });

  it("passes over a second answer of the same slot", () => {
    const { made, events } = pairing();
    made.offer("blue", answer("1"), 10, 0);
    made.offer("blue", answer("1"), 10, 0);
    assert.deepEqual([events, made.count], [[], 1]);
  });

  it("gives up what has waited too long", () => {
    const { made, events } = pairing(100_000, 1000);
    made.offer("blue", answer("1"), 10, 0);
    made.offer("green", answer("2"), 10, 500);
    made.expire(999);
    assert.deepEqual(events, []);
    made.expire(1000);
    assert.deepEqual(events, ["blue timeout"]);
    made.offer("green", answer("1"), 10, 1001);
    assert.deepEqual(events, ["blue timeout"], "its half is gone");
    assert.equal(made.count, 2);
  });

  it("lets the oldest make room, and takes nothing that is larger than all room", () => {
    const { made, events } = pairing(2000);
    for (const id of ["1", "2", "3"]) made.offer("blue", answer(id), 300, 0);
    assert.deepEqual(events, ["blue room"]);
    made.offer("green", answer("1"), 300, 0);
    assert.deepEqual(events, ["blue room", "blue room"]);
    made.offer("green", answer("9"), 2000, 0);
    assert.deepEqual(events, ["blue room", "blue room", "green room"]);
    made.offer("green", answer("3"), 300, 0);
    assert.equal(events.at(-1), "m/3 3=3");
  });

  it("never holds more than it may, and loses count of nothing", () => {
    const offers = fc.array(
      fc.tuple(fc.constantFrom<Slot>("blue", "green"), fc.nat(20), fc.nat(2000), fc.nat(300)),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(offers, (all) => {
        const { made, events } = pairing(5000, 1000);
        let now = 0;
        let offered = 0;
        for (const [slot, id, bytes, later] of all) {
          now += later;
          const before = made.count + settled(events);
          made.offer(slot, answer(String(id)), bytes, now);
          const after = made.count + settled(events);
          assert.ok(after === before || after === before + 1);
          offered += after - before;
          assert.ok(made.bytes <= 5000);
        }
        assert.equal(made.count + settled(events), offered);
        made.expire(now + 1000);
        assert.deepEqual([made.count, made.bytes], [0, 0]);
      }),
      { seed: 13 },
    );
  });
});

/** Answers that were paired or given up. */
const settled = (events: readonly string[]) =>
  events.reduce((sum, event) => sum + (event.includes("=") ? 2 : 1), 0);
