import assert from "node:assert/strict";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { cancelled, invalid } from "../../../runtime/errors";
import { ResponseCache } from "../../../runtime/models/response-cache";
import { load, request, started, turn, values } from "./served-model.support";

const input = (...data: number[]): Tensor[] => [
  { name: "x", datatype: "FP32", shape: [data.length], data: Float32Array.from(data) },
];
const text = (...data: string[]): Tensor[] => [{ name: "x", datatype: "BYTES", shape: [data.length], data }];

function setup(maxBytes = 100_000) {
  const counts = { hits: 0, misses: 0, runs: 0 };
  const hitSeconds: number[] = [];
  const clock = { now: 0 };
  const cache = new ResponseCache(
    maxBytes,
    {
      cacheHit: (seconds) => {
        counts.hits++;
        hitSeconds.push(seconds);
      },
      cacheMiss: () => counts.misses++,
    },
    () => clock.now,
  );
  const waiters = { now: 0, most: 0 };
  const waiting = {
    enter: () => void (waiters.most = Math.max(waiters.most, ++waiters.now)),
    leave: () => void waiters.now--,
  };
  const ask = (inputs: Tensor[], fetch?: number[], waits = true) =>
    cache.answer(inputs, fetch, waits ? waiting : undefined, () => {
      counts.runs++;
      return Promise.resolve(input(counts.runs));
    });
  return { cache, counts, ask, waiting, waiters, hitSeconds, clock };
}

const value = async (answer: Promise<Tensor[]>) => (await answer)[0]!.data[0];

describe("ResponseCache", () => {
  it("gives the same answer to the same request without running it again", async () => {
    const { ask, counts } = setup();
    assert.equal(await value(ask(input(1, 2))), 1);
    assert.equal(await value(ask(input(1, 2))), 1);
    assert.deepEqual(counts, { hits: 1, misses: 1, runs: 1 });
  });

  it("tells requests apart by names, types, shapes, bytes and outputs", async () => {
    const { ask, counts } = setup();
    const [base] = input(1, 2);
    const different: [Tensor[], number[]?][] = [
      [[base!]],
      [input(1, 3)],
      [[{ ...base!, name: "y" }]],
      [[{ ...base!, shape: [2, 1] }]],
      [[{ ...base!, datatype: "INT32", data: new Int32Array((base!.data as Float32Array).buffer.slice(0)) }]],
      [[base!], [0]],
      [[base!], [1, 0]],
      [text("a", "b")],
      [text('a","b')],
      [text("ab")],
    ];
    for (const [inputs, fetch] of different) await ask(inputs, fetch);
    assert.deepEqual([counts.hits, counts.runs], [0, different.length]);
    for (const [inputs, fetch] of different) await ask(inputs, fetch);
    assert.deepEqual([counts.hits, counts.runs], [different.length, different.length]);
  });

  it("stays within its bytes, dropping what was used least recently", async () => {
    const { ask, cache, counts } = setup(3 * 520);
    for (const number of [1, 2, 3]) await ask(input(number));
    await ask(input(1));
    await ask(input(4));
    assert.ok(cache.bytes <= 3 * 520);
    assert.equal(counts.hits, 1);
    await ask(input(1));
    assert.equal(counts.hits, 2);
    await ask(input(2));
    assert.deepEqual([counts.hits, counts.runs], [2, 5]);
  });

  it("gives out copies: what a caller does with its answer changes nobody else's", async () => {
    const { ask } = setup();
    const [first] = await ask(input(1));
    structuredClone(first!.data, { transfer: [(first!.data as Float32Array).buffer as ArrayBuffer] });
    const [second] = await ask(input(1));
    (second!.data as Float32Array)[0] = 99;
    assert.equal(await value(ask(input(1))), 1);
  });

  it("lets equal requests wait for the one under way, unless they have a deadline", async () => {
    const { ask, counts } = setup();
    const answers = [ask(input(1)), ask(input(1)), ask(input(1), undefined, false)];
    assert.deepEqual(await Promise.all(answers.map(value)), [1, 1, 2]);
    assert.deepEqual([counts.runs, counts.hits], [2, 1]);
  });

  it("runs a waiting request itself where the other one failed, and keeps no failure", async () => {
    const { cache, counts, ask, waiting: counted } = setup();
    const failing = cache.answer(input(1), undefined, counted, () => Promise.reject(new Error("gone")));
    const waiting = ask(input(1));
    await assert.rejects(failing, /gone/);
    assert.equal(await value(waiting), 1);
    assert.deepEqual([counts.runs, counts.misses], [1, 1]);
  });

  it("lets one of many run where the one that they wait for leaves, and the others wait on", async () => {
    const { cache, counts, ask, waiting, waiters } = setup();
    let leave!: (error: Error) => void;
    const first = cache.answer(
      input(1),
      undefined,
      waiting,
      () => new Promise((_, reject) => (leave = reject)),
    );
    const others = Array.from({ length: 500 }, () => ask(input(1)));
    await turn();
    leave(cancelled());
    await assert.rejects(first, { code: "Cancelled" });
    for (const answer of await Promise.all(others.map(value))) assert.equal(answer, 1);
    assert.deepEqual([counts.runs, counts.hits, counts.misses], [1, 499, 1]);
    assert.deepEqual([waiters.most, waiters.now], [500, 0]);
  });

  it("tells all who wait of a failure that each of them would meet", async () => {
    const { cache, counts, ask, waiting } = setup();
    const failing = () => Promise.reject(invalid("`x` does not suit it."));
    const answers = [cache.answer(input(1), undefined, waiting, failing), ask(input(1)), ask(input(1))];
    for (const { status } of await Promise.allSettled(answers)) assert.equal(status, "rejected");
    assert.equal(counts.runs, 0);
  });

  it("measures the look-up of a hit, not what it waited for", async () => {
    const { cache, ask, waiting, hitSeconds, clock } = setup();
    let answer!: (outputs: Tensor[]) => void;
    const first = cache.answer(
      input(1),
      undefined,
      waiting,
      () => new Promise((resolve) => (answer = resolve)),
    );
    const second = ask(input(1));
    await turn();
    clock.now = 5000;
    answer(input(7));
    await Promise.all([first, second]);
    assert.deepEqual(hitSeconds, [0]);
  });

  it("counts who waits against the queue and the limit of concurrent requests, and shows them as pending", async () => {
    for (const [config, most] of [
      [{ queue: { maxSize: 2 } }, 2],
      [{ maxConcurrentRequests: 3 }, 2],
    ] as const) {
      const { model, workers, metrics } = await load({ cache: { maxBytes: 10_000 }, ...config });
      const first = model.infer(request(3));
      await started(workers[0]!);
      const waiting = Array.from({ length: most }, () => model.infer(request(3)));
      await assert.rejects(model.infer(request(3)), { code: "QueueFull" });
      assert.deepEqual([metrics.counts().pending, model.busyCount], [most, most + 1]);
      workers[0]!.answer();
      await Promise.all([first, ...waiting]);
      assert.deepEqual([metrics.counts().pending, model.busyCount], [0, 0]);
      await model.close();
    }
  });

  it("is asked before a model with `cache` in its `model.json` runs", async () => {
    const { model, workers, metrics } = await load({ cache: { maxBytes: 10_000 } });
    const first = model.infer(request(3));
    await turn();
    workers[0]!.answer();
    assert.deepEqual(values(await first), { double: [6], copy: [3] });
    assert.deepEqual(values(await model.infer(request(3))), { double: [6], copy: [3] });
    assert.deepEqual([metrics.hits, metrics.misses, workers[0]!.runs.length], [1, 1, 0]);
    assert.ok(metrics.counts().cacheBytes > 500);
    await assert.rejects(model.infer({ inputs: [] }), /Input `x` .* is missing/);
    await model.close();
  });
});
