import assert from "node:assert/strict";
import { Tally } from "../../bench/soak/tally";
import { memoryTrend } from "../../bench/soak/trend";

/** Resident memory that rises at first as that of any server does, then by `perSample`, with waves of the collector. */
const samples = (count: number, perSample: number) =>
  Array.from(
    { length: count },
    (_, i) => 100 + 40 * Math.min(1, i / (count * 0.2)) + i * perSample + 5 * (i % 3),
  );

describe("the soak's judgement", () => {
  it("takes a warm server's memory as flat, and its waves as none of a leak", () => {
    assert.deepEqual(memoryTrend(samples(300, 0)), { early: 145, late: 145, grows: false });
  });

  it("finds a leak of 10 MiB a minute within ten minutes", () => {
    assert.equal(memoryTrend(samples(300, 10 / 30))!.grows, true);
  });

  it("says nothing from a few samples", () => {
    assert.equal(memoryTrend(samples(10, 5)), undefined);
  });

  it("counts by kind, and keeps the first failures", async () => {
    const tally = new Tally();
    await tally.watch("json", () => Promise.resolve());
    await tally.watch("json", () => Promise.reject(new Error("no")));
    for (let i = 0; i < 30; i++) tally.fail(`more ${i}`);
    assert.equal(String(tally), "json 1/2");
    assert.deepEqual([tally.sent, tally.pending, tally.failureCount], [2, 0, 31]);
    assert.deepEqual([tally.failures.length, tally.failures[0]], [20, "json: no"]);
  });
});
