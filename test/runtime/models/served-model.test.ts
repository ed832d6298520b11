import assert from "node:assert/strict";
import { ServerError, type ErrorCode } from "../../../runtime/errors";
import { load, request, started, turn, values } from "./served-model.support";

const batching = { maxBatchSize: 4 };

function refusal(code: ErrorCode, message: string | RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ServerError);
    assert.equal(error.code, code);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}

describe("ServedModel", () => {
  it("gives each caller of a batch exactly its rows and the outputs it asked for", async () => {
    const { model, workers, metrics } = await load({ batching });
    const answers = [
      model.infer(request(1)),
      model.infer(request([2, 3], { outputs: ["copy"] })),
      model.infer(request(4, { outputs: ["copy", "double"] })),
    ];
    await turn();
    const [worker] = workers;
    assert.deepEqual(worker!.runs[0]!.slice(1), [undefined, [[4, 1]], [Float32Array.of(1, 2, 3, 4)]]);
    worker!.answer();
    const tensors = await Promise.all(answers);
    assert.deepEqual(tensors.map(values), [
      { double: [2], copy: [1] },
      { copy: [2, 3] },
      { copy: [4], double: [8] },
    ]);
    assert.deepEqual(
      tensors[2]!.map(({ name }) => name),
      ["copy", "double"],
    );
    const [{ rows, requests, compute }] = metrics.costs as [(typeof metrics.costs)[0]];
    assert.deepEqual([rows, requests, compute, metrics.queuedCount], [4, 3, 0.25, 3]);
    await model.close();
  });

  it("asks the worker only for the outputs that somebody wants", async () => {
    const { model, workers } = await load({ batching });
    const answers = [
      model.infer(request(1, { outputs: ["copy"] })),
      model.infer(request(2, { outputs: ["copy"] })),
    ];
    await turn();
    assert.deepEqual(workers[0]!.runs[0]![1], [1]);
    workers[0]!.answer();
    assert.deepEqual((await Promise.all(answers)).map(values), [{ copy: [1] }, { copy: [2] }]);
    await model.close();
  });

  it("groups requests by their other dimensions instead of padding them", async () => {
    const { model, workers } = await load({ batching }, { instances: 2 });
    const answers = [model.infer(request(1)), model.infer(request(2, { width: 2 })), model.infer(request(3))];
    await turn();
    assert.deepEqual(
      workers.map(({ runs }) => runs[0]![2]),
      [[[2, 1]], [[1, 2]]],
    );
    for (const worker of workers) worker.answer();
    assert.deepEqual(
      (await Promise.all(answers)).map((tensors) => values(tensors).copy),
      [[1], [2, 2], [3]],
    );
    await model.close();
  });

  it("runs each of a failed batch again alone, so that one caller's mistake is nobody else's", async () => {
    const { model, workers } = await load({ batching });
    const answers = [1, 2].map((value) => model.infer(request(value)));
    const outcome = Promise.allSettled(answers);
    await turn();
    workers[0]!.refuse("indices element out of data bounds");
    await started(workers[0]!);
    assert.deepEqual(workers[0]!.runs[0]![3], [Float32Array.of(1)]);
    workers[0]!.answer();
    await started(workers[0]!);
    workers[0]!.refuse("indices element out of data bounds");
    const [first, second] = await outcome;
    assert.ok(first?.status === "fulfilled");
    assert.deepEqual(values(first.value).copy, [1]);
    assert.ok(
      refusal(
        "InvalidArgument",
        "Model `m` cannot run on these inputs: `x` [1, 1]; their shapes or values do not fit it.",
      )((second as PromiseRejectedResult).reason),
    );
    await model.close();
  });

  it("runs each of a batch whose output lacks its rows again alone", async () => {
    const { model, workers, logged } = await load({ batching });
    const answers = [1, 2].map((value) => model.infer(request(value)));
    await turn();
    workers[0]!.answer(1);
    for (const answer of answers) {
      await started(workers[0]!);
      workers[0]!.answer();
      assert.equal((await answer).length, 2);
    }
    assert.deepEqual(values(await answers[1]!).copy, [2]);
    assert.ok(logged.includes("a batch lost rows; its requests run again alone"));
    await model.close();
  });

  it("answers 400 where a text is not the number that the model makes of it", async () => {
    const { model, workers } = await load();
    for (const conversion of ["stod", "stof", "stoll", "stoull", "stoi"]) {
      const answer = model.infer(request(1));
      await started(workers[0]!);
      workers[0]!.refuse(
        `Non-zero status code returned while running Cast node. Name:'' Status Message: ${conversion}`,
      );
      await assert.rejects(answer, {
        code: "InvalidArgument",
        message: /their shapes or values do not fit it/,
      });
    }
    await model.close();
  });

  it("answers 500 to a failure without reason", async () => {
    const { model, workers, logged } = await load({ batching });
    const alone = model.infer(request(3));
    await started(workers[0]!);
    workers[0]!.refuse("bad things");
    await assert.rejects(alone, refusal("Internal", /log holds the cause/));
    assert.deepEqual(logged.filter((line) => line === "a run failed").length, 1);
    await model.close();
  });

  it("does not take a caller's view of a larger buffer away from others", async () => {
    const { model, workers } = await load({ batching });
    const shared = Float32Array.of(1, 2, 3);
    const view = shared.subarray(1, 2);
    const answer = model.infer({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 1], data: view }] });
    await turn();
    workers[0]!.answer();
    assert.deepEqual(values(await answer).copy, [2]);
    assert.deepEqual([...shared], [1, 2, 3]);
    await model.close();
  });

  it("hands over more runs at a time where they are short, and no more than two where they are not", async () => {
    for (const [seconds, depth] of [
      [0.00005, 16],
      [0.0003, 3],
      [0.25, 2],
    ] as const) {
      const { model, workers } = await load({ batching: false }, { maxQueueSize: 100 });
      const [worker] = workers;
      for (let i = 0; i < 100; i++) {
        const warm = model.infer(request(i));
        await turn();
        worker!.answer(undefined, seconds);
        await warm;
      }
      const answers = Array.from({ length: 20 }, (_, i) => model.infer(request(i)));
      await turn();
      assert.equal(worker!.runs.length, depth);
      while (model.busyCount > 0) {
        while (worker!.runs.length > 0) worker!.answer(undefined, seconds);
        await turn();
      }
      await Promise.all(answers);
      await model.close();
    }
  });

  it("hands over the arrays of a lone request as they are", async () => {
    const { model, workers } = await load({ batching });
    const lone = request(5);
    const answer = model.infer(lone);
    await turn();
    assert.equal(lone.inputs[0]!.data.length, 0, "transferred, not copied");
    workers[0]!.answer();
    await answer;
    await model.close();
  });

  it("refuses what exceeds the queue, the concurrency limit, or comes too late, with the reason", async () => {
    const { model, workers } = await load({
      queue: { maxSize: 2, timeoutMs: 20 },
      maxConcurrentRequests: 5,
      batching: false,
    });
    const running = [model.infer(request(1)), model.infer(request(2))];
    await turn();
    const waiting = [model.infer(request(3)), model.infer(request(4))];
    const outcome = Promise.allSettled(waiting);
    await assert.rejects(
      model.infer(request(5)),
      refusal("QueueFull", "Model `m` has 2 requests waiting already; retry later."),
    );
    assert.equal(model.busyCount, 4);
    for (const { reason } of (await outcome) as PromiseRejectedResult[]) {
      refusal(
        "DeadlineExceeded",
        /^The request waited \d+ ms for model `m`, which is longer than its deadline or the queue's timeout allows; it was not run\.$/,
      )(reason);
    }
    assert.equal(workers[0]!.runs.length, 2);
    workers[0]!.answer();
    workers[0]!.answer();
    await Promise.all(running);
    assert.equal(model.busyCount, 0);
    await model.close();

    const limited = await load({ maxConcurrentRequests: 1 });
    const only = limited.model.infer(request(1));
    await assert.rejects(
      limited.model.infer(request(2)),
      refusal(
        "QueueFull",
        "Model `m` has 1 requests under way already, as many as `maxConcurrentRequests` in its `model.json` allows; retry later.",
      ),
    );
    await turn();
    limited.workers[0]!.answer();
    await only;
    await limited.model.close();
  });

  it("lets a request's own deadline count, unless its `timeout` may not override the queue's", async () => {
    const deadline = performance.now() - 1;
    const { model } = await load();
    await assert.rejects(model.infer(request(1, { deadline })), refusal("DeadlineExceeded", /was not run/));
    await model.close();
    const strict = await load({ queue: { allowTimeoutOverride: false } });
    const answer = strict.model.infer(request(1, { deadline, parameters: { timeout: 1 } }));
    await turn();
    strict.workers[0]!.answer();
    assert.deepEqual(values(await answer).copy, [1]);
    await strict.model.close();
  });

  it("serves the first level of priority first; one that does not exist stands for the default", async () => {
    const { model, workers } = await load({
      batching: { maxBatchSize: 2 },
      queue: { priorityLevels: 3 },
    });
    assert.equal(model.settings.defaultPriorityLevel, 2);
    const order: number[] = [];
    const send = (value: number, priority?: number) =>
      model.infer(request(value, { priority })).then(() => order.push(value));
    const busy = [send(0), send(0)];
    await turn();
    const answers = [send(3, 3), send(2), send(2, 9), send(1, 1)];
    await turn();
    for (let i = 0; i < 3; i++) {
      await started(workers[0]!);
      workers[0]!.answer();
    }
    await Promise.all([...busy, ...answers]);
    assert.deepEqual(order, [0, 0, 1, 2, 2, 3]);
    await model.close();
  });

  it("keeps the order of answers where it is asked to", async () => {
    const { model, workers } = await load(
      { batching: { maxBatchSize: 1, preserveOrdering: true } },
      { instances: 2 },
    );
    const order: number[] = [];
    const answers = [1, 2].map((value) => model.infer(request(value)).then(() => order.push(value)));
    await turn();
    workers[1]!.answer();
    await turn();
    assert.deepEqual(order, []);
    workers[0]!.answer();
    await Promise.all(answers);
    assert.deepEqual(order, [1, 2]);
    await model.close();
  });

  it("tunes its batches where there is a latency objective, and reports what it chose", async () => {
    const { model, workers, metrics } = await load(
      { batching: { maxBatchSize: 16, latencyObjectiveMs: 1000 } },
      { maxQueueSize: 1000 },
    );
    assert.deepEqual(metrics.chosen, [[1, 0]]);
    const answers = Array.from({ length: 64 }, (_, i) => model.infer(request(i)));
    for (let i = 0; i < 64; i++) {
      await started(workers[0]!);
      workers[0]!.answer();
    }
    await Promise.all(answers);
    assert.deepEqual(metrics.chosen, [
      [1, 0],
      [2, 0],
    ]);
    await model.close();
  });

  it("batches by default where the worker has proven it, and says why where it has not", async () => {
    const safe = await load({}, {}, { batching: { safe: true, efficientRows: 8 } });
    assert.deepEqual([safe.workers[0]!.init.probeRows, safe.model.settings.maxBatchSize], [32, 32]);
    const answers = Array.from({ length: 8 }, (_, i) => safe.model.infer(request(i)));
    await turn();
    assert.deepEqual(safe.workers[0]!.runs[0]![2], [[8, 1]]);
    safe.workers[0]!.answer();
    await Promise.all(answers);
    await safe.model.close();

    const unsafe = await load(
      {},
      {},
      { batching: { safe: false, reason: "`y` differs where rows run together" } },
    );
    assert.equal(unsafe.model.settings.maxBatchSize, 0);
    assert.deepEqual(unsafe.logged, [
      "requests of the model are not batched: `y` differs where rows run together; set `batching` in its `model.json` to an object to batch them nevertheless, or to false",
    ]);
    await unsafe.model.close();
  });

  it("does not try where it is told to batch or not to", async () => {
    for (const [config, options] of [
      [{ batching: false }, {}],
      [{ batching }, {}],
      [{}, { batching: "off" }],
    ] as const) {
      const { model, workers } = await load(config, options);
      assert.equal(workers[0]!.init.probeRows, undefined);
      await model.close();
    }
  });

  it("lets only the first of its workers try", async () => {
    const { model, workers } = await load({}, { instances: 3 });
    assert.deepEqual(
      workers.map(({ init }) => init.probeRows),
      [32, undefined, undefined],
    );
    await model.close();
  });

  it("answers what it took before it retires, and takes nothing more", async () => {
    const { model, workers } = await load();
    const answer = model.infer(request(1));
    const retired = model.retire();
    await assert.rejects(
      model.infer(request(2)),
      refusal("ModelNotReady", "Model `m` version 1 is not ready: it is being unloaded."),
    );
    await turn();
    assert.equal(workers[0]!.closed, false);
    workers[0]!.answer();
    assert.deepEqual(values(await answer).copy, [1]);
    await retired;
    assert.equal(workers[0]!.closed, true);
  });

  it("fails the requests of a batch that fails while it is closed, instead of queueing them for nobody", async () => {
    const { model, workers } = await load({ batching: { maxBatchSize: 2 } });
    const outcome = Promise.allSettled([1, 2].map((value) => model.infer(request(value))));
    await turn();
    const closed = model.close();
    workers[0]!.refuse("bad luck");
    await closed;
    for (const { reason } of (await outcome) as PromiseRejectedResult[]) {
      assert.equal((reason as ServerError).code, "Draining");
    }
  });

  it("fails what waits and runs when it is closed or its worker dies amid a batch", async () => {
    const { model, workers } = await load({ batching: { maxBatchSize: 2 } });
    const answers = [1, 2, 3].map((value) => model.infer(request(value)));
    const outcome = Promise.allSettled(answers);
    await turn();
    workers[0]!.crash();
    await model.close();
    const codes = ((await outcome) as PromiseRejectedResult[]).map(
      ({ reason }) => (reason as ServerError).code,
    );
    assert.deepEqual(codes, ["WorkerCrashed", "WorkerCrashed", "Draining"]);
  });
});
