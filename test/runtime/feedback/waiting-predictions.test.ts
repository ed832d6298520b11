import assert from "node:assert/strict";
import { WaitingPredictions } from "../../../runtime/feedback/waiting-predictions";

const entry = (at: number, version = "1") => ({
  version,
  at,
  prediction: { count: 1, scores: [at] },
});
const make = (limits = {}) =>
  new WaitingPredictions({ maxPredictions: 3, maxBytes: 1e6, retentionMs: 1000, ...limits });

describe("WaitingPredictions", () => {
  it("lets the oldest go beyond its number", () => {
    const waiting = make();
    for (const [i, id] of ["a", "b", "c", "d"].entries()) waiting.keep(id, entry(i));
    assert.deepEqual(
      ["a", "b", "c", "d"].map((id) => waiting.find(id)?.at),
      [undefined, 1, 2, 3],
    );
    assert.equal(waiting.size, 3);
  });

  it("lets the oldest go beyond its bytes, and gives back what each held", () => {
    const waiting = make({ maxPredictions: 1000, maxBytes: 2000 });
    for (let i = 0; i < 1000; i++) waiting.keep(`id-${i}`, entry(i));
    assert.ok(
      waiting.bytes <= 2000 && waiting.size > 3 && waiting.size < 8,
      `${waiting.size} of ${waiting.bytes}`,
    );
    assert.equal(waiting.find("id-999")?.at, 999);
    waiting.expire(5000);
    assert.deepEqual([waiting.size, waiting.bytes], [0, 0]);
  });

  it("does not keep what is larger than all that it may hold", () => {
    const waiting = make({ maxBytes: 2000 });
    waiting.keep("a", entry(0));
    waiting.keep("b", { ...entry(1), prediction: { count: 1000, scores: new Array<number>(1000).fill(0) } });
    assert.deepEqual([waiting.size, waiting.find("a")?.at], [1, 0]);
  });

  it("forgets answers and graded ids after the retention", () => {
    const waiting = make();
    waiting.keep("a", entry(0));
    waiting.keep("b", entry(500));
    waiting.settle("b", 600);
    waiting.expire(999);
    assert.deepEqual([waiting.size, waiting.wasGraded("b")], [1, true]);
    waiting.expire(1000);
    assert.deepEqual([waiting.size, waiting.wasGraded("b")], [0, true]);
    waiting.expire(1600);
    assert.equal(waiting.wasGraded("b"), false);
  });

  it("remembers no more graded ids than answers", () => {
    const waiting = make();
    for (const id of ["a", "b", "c", "d"]) waiting.settle(id, 0);
    assert.deepEqual(
      ["a", "b", "c", "d"].map((id) => waiting.wasGraded(id)),
      [false, true, true, true],
    );
  });

  it("keeps the later of two answers under one id, but none that was graded", () => {
    const waiting = make();
    waiting.keep("a", entry(0));
    waiting.keep("a", entry(7, "2"));
    assert.deepEqual([waiting.size, waiting.find("a")?.version], [1, "2"]);
    waiting.settle("a", 8);
    waiting.keep("a", entry(9));
    assert.equal(waiting.find("a"), undefined);
  });
});
