import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { AnswerSender, LARGEST_ANSWER, type SenderOptions } from "../../../runtime/shadow/answer-sender";

const answer = (requestId: string, data = Float32Array.of(1, 2)) => ({
  requestId,
  model: "m",
  outputs: [{ name: "y", datatype: "FP32" as const, shape: [data.length], data }],
});

/** A sender, and what the comparator and the counters see of it. */
function setUp(send: (lines: Buffer) => Promise<number>, options: Partial<SenderOptions> = {}) {
  const seen = { sent: 0, dropped: {} as Record<string, number>, batches: [] as string[][], renewed: 0 };
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
  const client = {
    send: async (lines: Buffer) => {
      const text = lines.toString("utf8").trimEnd();
      seen.batches.push(
        text.split("\n").map((line) => (JSON.parse(line) as { requestId: string }).requestId),
      );
      return send(lines);
    },
    renew: () => Promise.resolve(void seen.renewed++),
    close: () => undefined,
  };
  const sender = new AnswerSender(client, {
    log,
    sent: (count) => (seen.sent += count),
    dropped: (reason, count) => (seen.dropped[reason] = (seen.dropped[reason] ?? 0) + count),
    lingerMs: 5,
    ...options,
  });
  return { sender, seen, logged };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 2000; !holds(); await sleep(2)) assert.ok(performance.now() < end);
}

describe("AnswerSender", () => {
  it("sends answers together, after a while", async () => {
    const { sender, seen } = setUp(() => Promise.resolve(0));
    for (const id of ["1", "2", "3"]) sender.offer(answer(id));
    assert.deepEqual(seen.batches, []);
    await until(() => seen.sent === 3);
    sender.offer(answer("4"));
    await until(() => seen.sent === 4);
    assert.deepEqual(seen.batches, [["1", "2", "3"], ["4"]]);
    assert.deepEqual(seen.dropped, {});
  });

  it("gathers what comes while it sends", async () => {
    let release = () => {};
    const { sender, seen } = setUp(() => new Promise((resolve) => (release = () => resolve(0))));
    sender.offer(answer("1"));
    await until(() => seen.batches.length === 1);
    for (const id of ["2", "3"]) sender.offer(answer(id));
    await sleep(15);
    assert.equal(seen.batches.length, 1);
    release();
    await until(() => seen.batches.length === 2);
    release();
    await until(() => seen.sent === 3);
    assert.deepEqual(seen.batches, [["1"], ["2", "3"]]);
  });

  it("drops what does not fit, and counts it", async () => {
    const { sender, seen } = setUp(() => new Promise(() => {}), { mostWaiting: 5000, lingerMs: 1 });
    for (let i = 0; i < 100; i++) sender.offer(answer(String(i)));
    const kept = 100 - seen.dropped["queue"]!;
    assert.equal(kept, Math.floor(5000 / 308));
    sender.offer(answer("large", new Float32Array(LARGEST_ANSWER / 4)));
    assert.equal(seen.dropped["size"], 1);
    await until(() => seen.batches.length === 1);
    assert.equal(seen.batches[0]!.length, kept);
    // What hangs at the comparator is bounded like what waits here.
    for (let i = 0; i < 100; i++) sender.offer(answer(String(i)));
    assert.equal(seen.dropped["queue"], 2 * (100 - kept));
  });

  it("counts the buffer that rows of one run share once", () => {
    const { sender, seen } = setUp(() => Promise.resolve(0), { mostWaiting: 8000 });
    const run = new Float32Array(1000);
    for (let row = 0; row < 10; row++)
      sender.offer(answer(String(row), run.subarray(row * 100, row * 100 + 100)));
    assert.deepEqual(seen.dropped, {});
    sender.offer(answer("another", new Float32Array(1000)));
    assert.deepEqual(seen.dropped, { queue: 1 });
  });

  it("drops while the comparator is gone, says so once, and recovers", async () => {
    let works = false;
    const { sender, seen, logged } = setUp(
      () => (works ? Promise.resolve(0) : Promise.reject(new Error("gone"))),
      { pauseMs: 20 },
    );
    sender.offer(answer("1"));
    await until(() => seen.dropped["comparator"] === 1);
    for (let i = 0; i < 10; i++) sender.offer(answer("in the pause"));
    assert.equal(seen.dropped["comparator"], 11);
    await sleep(25);
    sender.offer(answer("2"));
    await until(() => seen.batches.length === 2);
    works = true;
    // The pause has doubled.
    await sleep(50);
    sender.offer(answer("3"));
    await until(() => seen.sent === 1);
    assert.deepEqual(seen.batches, [["1"], ["2"], ["3"]]);
    assert.equal(seen.renewed, 2);
    const messages = logged.map((line) => JSON.parse(line) as { msg: string; cause?: string });
    assert.deepEqual(
      messages.map(({ msg, cause }) => [msg, cause]),
      [
        ["the comparator does not take sampled answers; they are dropped until it does", "gone"],
        ["the comparator takes sampled answers again", undefined],
      ],
    );
  });

  it("counts lines that the comparator refuses", async () => {
    const { sender, seen } = setUp(() => Promise.resolve(1));
    sender.offer(answer("1"));
    sender.offer(answer("2"));
    await until(() => seen.sent === 1);
    assert.deepEqual(seen.dropped, { comparator: 1 });
  });

  it("sends what waits when it closes, and takes nothing more", async () => {
    const { sender, seen } = setUp(() => Promise.resolve(0), { lingerMs: 60_000 });
    sender.offer(answer("1"));
    await sender.close();
    assert.equal(seen.sent, 1);
    sender.offer(answer("2"));
    assert.deepEqual(seen.dropped, { comparator: 1 });
  });

  it("leaves the thread to others while it writes much", async () => {
    const { sender, seen } = setUp(() => Promise.resolve(0), { lingerMs: 1 });
    const large = Float32Array.from({ length: 100_000 }, (_, i) => i / 7);
    for (let i = 0; i < 4; i++) sender.offer(answer(String(i), large));
    let turnsOfOthers = 0;
    const others = setInterval(() => turnsOfOthers++, 1);
    await until(() => seen.batches.length === 1);
    clearInterval(others);
    // Written at once, it would let nobody else have a turn.
    assert.ok(turnsOfOthers >= 10, `${turnsOfOthers} turns`);
    await until(() => seen.sent === 4);
    assert.equal(seen.batches.flat().length, 4);
  });
});
