import assert from "node:assert/strict";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { cancelled, invalid, ServerError } from "../../../runtime/errors";
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
    goOn: () => undefined,
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
    const failures = [
      invalid("`x` does not suit it."),
      ...(["ModelNotReady", "Draining", "QueueFull"] as const).map((code) => new ServerError(code, "No.")),
    ];
    for (const failure of failures) {
      const { cache, counts, ask, waiting } = setup();
      const failing = () => Promise.reject(failure);
      const answers = [cache.answer(input(1), undefined, waiting, failing), ask(input(1)), ask(input(1))];
      for (const { status } of await Promise.allSettled(answers)) assert.equal(status, "rejected");
      assert.equal(counts.runs, 0, failure.code);
    }
  });

  it("does not run a waiting request that is to end, and says how long it has waited", async () => {
    const { cache, counts, ask, waiting, waiters, clock } = setup();
    let leave!: (error: Error) => void;
    const first = cache.answer(
      input(1),
      undefined,
      waiting,
      () => new Promise((_, reject) => (leave = reject)),
    );
    const waited: number[] = [];
    const goOn = (ms: number) => {
      waited.push(ms);
      throw cancelled();
    };
    const ending = cache.answer(input(1), undefined, { ...waiting, goOn }, () => assert.fail("it ran"));
    const other = ask(input(1));
    await turn();
    clock.now = 5000;
    leave(new Error("gone"));
    await assert.rejects(first, /gone/);
    await assert.rejects(ending, { code: "Cancelled" });
    assert.equal(await value(other), 1);
    assert.deepEqual([waited, counts.runs, waiters.now], [[5000], 1, 0]);
  });

  /** A model whose worker is busy, so that the next request stands in the queue. */
  async function busy(queue: { timeoutMs?: number; timeoutAction?: "reject" | "delay" } = {}) {
    const setup = await load({ cache: { maxBytes: 10_000 }, queue });
    const running = [1, 2].map((value) => setup.model.infer(request(value)));
    await started(setup.workers[0]!);
    return { ...setup, running };
  }

  it("lets no request lead whose client has gone", async () => {
    const { model, workers, running } = await busy();
    const first = request(3);
    const { inputs } = request(3);
    let reads = 0;
    const second: InferRequest = {
      get inputs() {
        reads++;
        return inputs;
      },
    };
    const answers = [first, second, request(3)].map((asked) => model.infer(asked));
    await turn();
    first.cancelled = second.cancelled = true;
    const ended = Promise.allSettled(answers);
    while (running.length > 0) {
      await started(workers[0]!);
      workers[0]!.answer();
      await running.shift();
    }
    await started(workers[0]!);
    assert.equal(workers[0]!.runs.length, 1);
    workers[0]!.answer();
    const codes = (await ended).map((end) =>
      end.status === "rejected" ? (end.reason as ServerError).code : "answered",
    );
    assert.deepEqual(codes, ["Cancelled", "Cancelled", "answered"]);
    assert.equal(reads, 1, "for the look-up alone");
    await model.close();
  });

  it("gives a request that waits no more than the queue's time, again and again", async () => {
    const { model, workers, running } = await busy({ timeoutMs: 20 });
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => model.infer(request(3))));
    for (const answer of answers) {
      assert.equal(answer.status, "rejected");
      assert.equal((answer.reason as ServerError).code, "DeadlineExceeded");
    }
    const last = answers.at(-1) as PromiseRejectedResult;
    assert.match(
      (last.reason as Error).message,
      /^The request waited \d+ ms for model `m` to answer an equal one, which is longer than the queue's timeout allows; it was not run\.$/,
    );
    while (workers[0]!.runs.length > 0) workers[0]!.answer();
    await Promise.all(running);
    await model.close();
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
