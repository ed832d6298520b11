import assert from "node:assert/strict";
import pino from "pino";
import { WorkerInstance } from "../../../runtime/models/worker-instance";
import { WorkerWatch } from "../../../runtime/models/worker-watch";
import type { Worker } from "node:worker_threads";
import { ManualWorker } from "./served-model.support";

describe("WorkerWatch", () => {
  const label = { model: "m", version: "1" };

  function setup(runTimeout: number) {
    const logged: string[] = [];
    const log = pino(
      {},
      { write: (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const workers = {
      label,
      stuck: false,
      limit: 0,
      isStuck: (ms: number) => ((workers.limit = ms), workers.stuck),
    };
    const watch = new WorkerWatch(runTimeout, log);
    return { watch, workers, logged, end: watch.add(workers) };
  }

  it("says and logs once that a worker is stuck, until it is not or is no longer watched", () => {
    const { watch, workers, logged, end } = setup(2);
    assert.equal(watch.isAnyStuck(), false);
    workers.stuck = true;
    assert.deepEqual([watch.isAnyStuck(), watch.isAnyStuck()], [true, true]);
    assert.deepEqual(logged, [
      "a worker has not come back from a run within `--run-timeout`; the server reports that it is not live",
    ]);
    assert.equal(workers.limit, 2000);
    workers.stuck = false;
    assert.equal(watch.isAnyStuck(), false);
    workers.stuck = true;
    end();
    assert.equal(watch.isAnyStuck(), false);
  });

  it("does not look where there is no limit", () => {
    const { watch, workers } = setup(0);
    workers.stuck = true;
    assert.equal(watch.isAnyStuck(), false);
  });
});

describe("WorkerInstance", () => {
  const waiter = { succeeded: () => undefined, failed: () => undefined };
  const inputs = { dims: [[1, 1]], data: [new Float32Array(1)] };
  const tensors = () => ({ ...inputs, data: [new Float32Array(1)] });

  async function start() {
    const worker = new ManualWorker({ file: "", intraOpThreads: 1 }, {});
    const instance = await WorkerInstance.start(
      worker.init,
      () => undefined,
      () => worker as unknown as Worker,
    );
    return { worker, instance };
  }

  it("is stuck when it makes no progress, seen twice a second apart; a queue of runs is progress", async () => {
    const { worker, instance } = await start();
    const now = performance.now();
    assert.equal(instance.isStuck(1000, now + 1e6), false, "idle");
    instance.run(tensors(), undefined, waiter);
    instance.run(tensors(), undefined, waiter);
    assert.equal(instance.isStuck(1000, now + 900), false);
    assert.equal(
      instance.isStuck(1000, now + 5000),
      false,
      "a first look may find the process just woken up",
    );
    assert.equal(instance.isStuck(1000, now + 5900), false);
    assert.equal(instance.isStuck(1000, now + 6000), true);
    worker.answer();
    assert.equal(instance.isStuck(1000, performance.now() + 900), false);
    assert.equal(instance.isStuck(1000, now + 9000), false);
    worker.answer();
    assert.equal(instance.isStuck(1000, now + 99_000), false, "nothing is left");
    await instance.close();
  });

  it("throws where a run cannot be handed over, and takes no slot for it", async () => {
    const { instance } = await start();
    const gone = tensors();
    structuredClone(gone.data[0], { transfer: [gone.data[0]!.buffer] });
    assert.throws(() => instance.run(gone, undefined, waiter));
    assert.equal(instance.inflightCount, 0);
    await instance.close();
    assert.throws(() => instance.run(tensors(), undefined, waiter), /worker ended/);
  });
});
