import assert from "node:assert/strict";
import pino from "pino";
import { addModel } from "../../support/onnx-model";
import { load, request, started } from "../models/served-model.support";
import { codecOf, grpcClient, metadataOf } from "../support/grpc-client";
import { fakeTrace } from "../support/fake-trace";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";
import { attributesOf, OtlpReceiver } from "./otlp-receiver";
import { WorkerHold } from "./worker-hold";

/* eslint-disable @typescript-eslint/no-explicit-any -- spans are read field by field */

const trace = (digit: number) => String(digit).repeat(32);
const CALLER = "b7ad6b7169203331";
const STREAM = "a".repeat(32);
const inputs = [
  { name: "a", datatype: "FP32", shape: [1, 2], data: [1, 2] },
  { name: "b", datatype: "FP32", shape: [1, 2], data: [3, 4] },
];
const STEP = {
  model: "shared",
  inputs: { a: "a", b: "b" },
  outputs: { sum: "sum" },
};
const port = (name: string) => ({ name, datatype: "FP32", shape: [-1, 2] });

/** Asks so many times in one stream, and reads as many answers. */
async function streamed(address: string, count: number, metadata: Record<string, string>): Promise<void> {
  const client = grpcClient(address);
  const { path, encode, decode } = codecOf("inference.GRPCInferenceService", "ModelStreamInfer");
  const stream = client.raw.makeBidiStreamRequest(path, encode, decode, metadataOf(metadata));
  const wrong: string[] = [];
  const done = new Promise<void>((resolve, reject) => {
    stream.on("data", (answer: any) => wrong.push(answer.error_message ?? ""));
    stream.on("end", resolve);
    stream.on("error", reject);
  });
  const tensors = inputs.map(({ data, ...tensor }) => ({ ...tensor, contents: { fp32_contents: data } }));
  for (let i = 0; i < count; i++) stream.write({ model_name: "shared", inputs: tensors });
  stream.end();
  await done;
  client.close();
  assert.deepEqual(wrong, Array<string>(count).fill(""));
}

describe("the trace of requests that share a run", () => {
  const add = addModel("float32", ["n", 2]);
  const batching = { maxBatchSize: 3 };
  const hold = new WorkerHold();
  let receiver: OtlpReceiver;
  let server: RunningServer;

  before(async () => {
    receiver = await OtlpReceiver.start();
    const files = {
      "shared/1/model.onnx": add,
      "shared/model.json": JSON.stringify({ batching }),
      "cached/1/model.onnx": add,
      "cached/model.json": JSON.stringify({ batching: false, cache: { maxBytes: 100_000 } }),
      "chain/1/.keep": "",
      "chain/model.json": JSON.stringify({
        pipeline: { inputs: [port("a"), port("b")], outputs: [port("sum")], steps: [STEP] },
      }),
    };
    server = await RunningServer.start(
      modelFolder(files),
      { otlpEndpoint: receiver.url, inline: "off", instances: 1 },
      { spawn: hold.spawn },
    );
    const infer = async (model: string, digit: number, sampled = "01") => {
      const traceparent = `00-${trace(digit)}-${CALLER}-${sampled}`;
      const headers = { traceparent, "x-request-id": `${model}-${digit}` };
      const { status, body } = await server.call("POST", `/v2/models/${model}/infer`, { inputs }, headers);
      assert.equal(status, 200, JSON.stringify(body));
    };
    // While the worker is busy, requests gather until a batch is full.
    const together = async (...three: (() => Promise<void>)[]) => {
      hold.begin();
      const before = infer("shared", 0);
      await hold.holds(1);
      const answers = three.map((ask) => ask());
      await hold.holds(2);
      hold.end();
      await Promise.all([before, ...answers]);
    };
    await together(...[1, 2, 3].map((digit) => () => infer("shared", digit)));
    await together(...[4, 5, 6].map((digit) => () => infer("shared", digit, digit === 5 ? "00" : "01")));
    await infer("cached", 7);
    await infer("cached", 8);
    await infer("chain", 9);
    await streamed(server.grpcAddress, 2, {
      traceparent: `00-${STREAM}-${CALLER}-01`,
      "x-request-id": "s",
    });
    await server.close();
  });
  after(async () => {
    await server?.close();
    await receiver.close();
  });

  const named = (name: string, ...digits: number[]): any[] =>
    receiver.spans.filter(
      (span) => span.name === name && digits.some((digit) => span.traceId === trace(digit)),
    );
  const whole = (digit: number): any => named("infer", digit)[0];
  const linked = ({ links }: any) =>
    links.map((link: any) => `${link.traceId} ${link.spanId}`).sort() as string[];

  it("has one batch, which links to all three", () => {
    const batches = named("batch", 1, 2, 3);
    assert.equal(batches.length, 1);
    const [batch] = batches;
    assert.deepEqual(
      linked(batch),
      [1, 2, 3].map((digit) => `${trace(digit)} ${whole(digit).spanId}`),
    );
    const { "slipway.batch.rows": rows, "slipway.batch.requests": requests, ...rest } = attributesOf(batch);
    assert.deepEqual([rows, requests].map(Number), [3, 3]);
    assert.deepEqual(rest, { "slipway.model": "shared", "slipway.version": "1" });
  });

  it("shows queue, batch and inference in the trace of the first, beneath its request", () => {
    const [batch] = named("batch", 1, 2, 3);
    const first = whole(Number(batch.traceId[0]));
    assert.equal(batch.parentSpanId, first.spanId);
    const children = receiver.spans.filter(({ parentSpanId }) => parentSpanId === batch.spanId);
    assert.deepEqual(children.map(({ name }) => name).sort(), ["assemble", "inference"]);
    const inference = children.find(({ name }) => name === "inference");
    assert.equal(attributesOf(inference)["thread.name"], "worker");
  });

  it("shows the run in the traces of the others too, with a link to the batch", () => {
    const [batch] = named("batch", 1, 2, 3);
    const others = [1, 2, 3].filter((digit) => trace(digit) !== batch.traceId);
    for (const digit of others) {
      const stages = receiver.spans
        .filter(({ parentSpanId }) => parentSpanId === whole(digit).spanId)
        .map(({ name }) => name as string);
      assert.deepEqual(stages.sort(), ["inference", "parse", "queue", "serialise"]);
      assert.deepEqual(linked(named("inference", digit)[0]), [`${batch.traceId} ${batch.spanId}`]);
    }
  });

  it("counts those that are not traced, and links to none of them", () => {
    const [batch, ...more] = named("batch", 4, 5, 6);
    assert.deepEqual(more, []);
    assert.equal(Number(attributesOf(batch)["slipway.batch.requests"]), 3);
    assert.deepEqual(
      linked(batch),
      [4, 6].map((digit) => `${trace(digit)} ${whole(digit).spanId}`),
    );
    assert.deepEqual(named("infer", 5), []);
  });

  it("shows that an answer came from the cache, and no batch", () => {
    assert.equal(named("batch", 7).length, 1);
    assert.deepEqual(named("cache", 7), []);
    assert.deepEqual(named("batch", 8), []);
    assert.equal(named("cache", 8)[0].parentSpanId, whole(8).spanId);
  });

  it("traces each request of a stream, by its place", () => {
    const own = receiver.spans.filter(({ name, traceId }) => name === "infer" && traceId === STREAM);
    assert.deepEqual(own.map((span) => attributesOf(span)["slipway.request_id"]).sort(), ["s", "s/1"]);
    for (const { parentSpanId } of own) assert.equal(parentSpanId, CALLER);
    const ran = receiver.spans.filter(({ name, traceId }) => name === "batch" && traceId === STREAM);
    const requests = ran.map((batch) => Number(attributesOf(batch)["slipway.batch.requests"]));
    assert.equal(
      requests.reduce((sum, count) => sum + count, 0),
      2,
    );
  });

  it("puts a pipeline's run beneath its step", () => {
    const [step] = named("step", 9);
    assert.equal(step.parentSpanId, whole(9).spanId);
    assert.deepEqual(attributesOf(step), { "slipway.model": "shared" });
    for (const name of ["queue", "batch"]) assert.equal(named(name, 9)[0].parentSpanId, step.spanId, name);
    const [batch] = named("batch", 9);
    assert.deepEqual(linked(batch), [`${trace(9)} ${step.spanId}`]);
  });
});

describe("log lines about runs that fail", () => {
  const caller = `00-${trace(1)}-${CALLER}-00`;

  async function loaded() {
    const lines: Record<string, unknown>[] = [];
    const log = pino({ base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const setup = await load({ batching: {} }, { log });
    const said = (msg: string) =>
      lines
        .filter((line) => line.msg === msg)
        .map(({ requestId, trace_id, span_id }) => [requestId, trace_id, span_id]);
    return { ...setup, said };
  }

  it("name the request and its trace when a worker refuses it", async () => {
    const { model, workers, said } = await loaded();
    const answer = model.infer(request(1, { requestId: "r-1", traceparent: caller }));
    await started(workers[0]!);
    workers[0]!.refuse("bad node");
    await assert.rejects(answer);
    assert.deepEqual(said("a run failed"), [["r-1", trace(1), CALLER]]);
    await model.close();
  });

  it("name every request that a worker took with it", async () => {
    const { model, workers, said } = await loaded();
    const failed: boolean[] = [];
    const own = fakeTrace({ ran: (run) => failed.push(run.failed) });
    const answers = [
      model.infer(request(1, { requestId: "r-1", traceparent: caller })),
      model.infer(request(2, { requestId: "r-2", trace: own })),
    ];
    for (const answer of answers) answer.catch(() => undefined);
    await started(workers[0]!);
    workers[0]!.crash();
    for (const answer of answers) await assert.rejects(answer);
    assert.deepEqual(said("a worker died while it ran the request"), [
      ["r-1", trace(1), CALLER],
      ["r-2", own.traceId, own.spanId],
    ]);
    assert.deepEqual(failed, [true]);
    await model.close();
  });
});
