import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { FakeWorker } from "../support/fake-worker";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const request = (value: number) => ({ inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [value] }] });

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await condition()) return;
    await delay(10);
  }
  assert.fail("the condition did not come true within 4 s");
}

describe("the workers of a model", () => {
  let server: RunningServer;
  let failure: string | undefined;
  const live = () => FakeWorker.all[FakeWorker.all.length - 1]!;

  beforeEach(async () => {
    failure = undefined;
    FakeWorker.all.length = 0;
    const repository = modelFolder({ "m/1/model.onnx": "" });
    server = await RunningServer.start(
      repository,
      { maxQueueSize: 2 },
      { spawn: () => new FakeWorker(failure).asWorker() },
    );
  });
  afterEach(() => server.close());

  it("fail the requests in flight with 500 when one dies, and are replaced", async () => {
    const inFlight = server.infer("m", request(1));
    await until(() => live().runs.length === 1);
    live().crash();
    const { status, body } = await inFlight;
    assert.deepEqual(
      [status, body],
      [500, { error: "The model's worker ended while it ran the request; it is being replaced." }],
    );
    await until(() => FakeWorker.all.length === 2);
    const next = server.infer("m", request(2));
    await until(() => live().runs.length === 1);
    live().answer();
    assert.deepEqual((await next).body.outputs[0].data, [2]);
    assert.match(await server.metrics(), /slipway_worker_restarts_total\{model="m",version="1"\} 1/);
  });

  it("run what waited for them after a replacement", async () => {
    const answers = [1, 2, 3].map((value) => server.infer("m", request(value)));
    await until(() => live().runs.length === 2);
    const first = live();
    first.crash();
    await until(() => live() !== first && live().runs.length === 1);
    live().answer();
    assert.deepEqual((await Promise.all(answers)).map(({ status }) => status).sort(), [200, 500, 500]);
  });

  it("make the model unready while no replacement can be started, and ready again after", async () => {
    failure = "`model.onnx` is empty.";
    live().crash();
    await until(async () => (await server.call("GET", "/v2/health/ready")).status === 503);
    const { status, body } = await server.infer("m", request(1));
    assert.deepEqual([status, body.error], [503, "Model `m` version 1 is not ready: `model.onnx` is empty."]);
    failure = undefined;
    await until(async () => (await server.call("GET", "/v2/health/ready")).status === 200);
  });

  it("make the model unready while they die again and again, so that requests go elsewhere", async () => {
    const crash = async () => {
      const { length } = FakeWorker.all;
      live().crash();
      await until(() => FakeWorker.all.length > length);
    };
    // Replaced after 50, 100, … ms: the sixth wait is longer than a second.
    for (let i = 0; i < 5; i++) {
      await crash();
      await delay(30);
    }
    live().crash();
    assert.equal(server.server.ready(), false);
    const { status, body } = await server.infer("m", request(1));
    assert.deepEqual(
      [status, body.error],
      [
        503,
        "Model `m` version 1 is not ready: Its worker has died several times in a row; it is being replaced.",
      ],
    );
    await until(() => server.server.ready());
  });

  it("leave a bounded number of requests waiting and refuse more with 503", async () => {
    const answers = [1, 2, 3, 4].map((value) => server.infer("m", request(value)));
    await until(async () =>
      /slipway_inference_pending_requests\{model="m",version="1"\} 2/.test(await server.metrics()),
    );
    const { status, headers, body } = await server.infer("m", request(5));
    assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
    assert.deepEqual(body, { error: "Model `m` has 2 requests waiting already; retry later." });
    for (let i = 0; i < 4; i++) {
      await until(() => live().runs.length > 0);
      live().answer();
    }
    assert.deepEqual(
      (await Promise.all(answers)).map((answer) => answer.body.outputs[0].data[0]),
      [1, 2, 3, 4],
    );
    assert.match(
      await server.metrics(),
      /slipway_inference_rejected_requests_total\{model="m",version="1",reason="QueueFull"\} 1/,
    );
  });

  it("do not run a request whose client has gone", async () => {
    const busy = [1, 2].map((value) => server.infer("m", request(value)));
    await until(() => live().runs.length === 2);
    const abort = new AbortController();
    const gone = fetch(server.url("/v2/models/m/infer"), {
      method: "POST",
      body: JSON.stringify(request(3)),
      signal: abort.signal,
    });
    await until(async () => /pending_requests\{model="m",version="1"\} 1/.test(await server.metrics()));
    abort.abort();
    await assert.rejects(gone);
    await delay(50);
    live().answer();
    live().answer();
    await Promise.all(busy);
    await delay(50);
    assert.equal(live().runs.length, 0);
  });

  it("are drained: readiness says no, requests in flight are answered, their connections end", async () => {
    const inFlight = server.infer("m", request(7));
    await until(() => live().runs.length === 1);
    const drained = server.server.drain();
    assert.equal(server.server.ready(), false);
    await delay(50);
    live().answer();
    const { status, headers } = await inFlight;
    assert.deepEqual([status, headers.get("connection")], [200, "close"]);
    assert.equal(await drained, true);
    await assert.rejects(server.call("GET", "/v2"));
  });
});

describe("draining", () => {
  const start = (options: object) => {
    FakeWorker.all.length = 0;
    const repository = modelFolder({ "m/1/model.onnx": "" });
    return RunningServer.start(repository, options, { spawn: () => new FakeWorker().asWorker() });
  };

  it("takes requests during the delay, with readiness at 503", async () => {
    const server = await start({ drainDelay: 0.4, drainTimeout: 5 });
    const drained = server.server.drain();
    const ready = await server.call("GET", "/v2/health/ready");
    assert.deepEqual([ready.status, ready.headers.get("connection")], [503, "close"]);
    const late = server.infer("m", request(1));
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    FakeWorker.all[0]!.answer();
    assert.equal((await late).status, 200);
    assert.equal(await drained, true);
  });

  it("cuts off what is left at the timeout", async () => {
    const server = await start({ drainTimeout: 0.2 });
    const stuck = server.infer("m", request(1));
    stuck.catch(() => undefined);
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    assert.equal(await server.server.drain(), false);
    await assert.rejects(stuck);
  });
});
