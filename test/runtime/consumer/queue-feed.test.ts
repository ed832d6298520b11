import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { CreateFeed } from "../../../runtime/feed";
import { QueueFeed } from "../../../runtime/consumer/queue-feed";
import { RunningServer } from "../support/running-server";
import { delivery, FakeQueue } from "./support/fake-queue";
import { binaryRequest, pairModel, request } from "./support/requests";

const MODEL = { "slipway-model": "add" };
const OPTIONS = { maxAttempts: 2, retryDelay: 0.001, maxRetryDelay: 0.002 };

describe("QueueFeed", () => {
  let queue: FakeQueue;
  let server: RunningServer;
  let feed: QueueFeed;
  before(async () => {
    queue = new FakeQueue();
    const create: CreateFeed = ({ accounts, options, log }) =>
      (feed = new QueueFeed(queue, accounts, { ...options, ...OPTIONS, maxBodyBytes: 2000 }, log));
    server = await RunningServer.start(pairModel(0), {}, { feed: create });
  });
  after(() => server.close());

  const deadLetter = async (body: string | Buffer, headers: Record<string, string>) => {
    assert.equal(await queue.handler!(delivery(body, headers)), true);
    return queue.deadLetters.at(-1)!.message.headers["slipway-error"];
  };

  it("answers a request as REST does, under the request's own id", async () => {
    assert.equal(await queue.handler!(delivery(request("r1", ["9007199254740993", 1]), MODEL)), true);
    const { message } = queue.results.at(-1)!;
    assert.equal(message.key, "r1");
    const overRest = await (
      await fetch(server.url("/v2/models/add/infer"), {
        method: "POST",
        body: request("r1", ["9007199254740993", 1]),
      })
    ).text();
    assert.equal(queue.results.at(-1)!.body!.toString(), overRest);
    assert.deepEqual(message.headers, {
      "slipway-key": "r1",
      "slipway-origin": "requests/0/17",
      "slipway-model": "add",
      "slipway-model-version": "1",
      "content-type": "application/json",
    });
  });

  it("takes and gives tensors as bytes", async () => {
    const { body, jsonLength } = binaryRequest("r2", [2n ** 62n, 1n], [1n, -2n]);
    const headers = { ...MODEL, "inference-header-content-length": String(jsonLength) };
    assert.equal(await queue.handler!(delivery(body, headers)), true);
    const { message, body: answer } = queue.results.at(-1)!;
    const length = Number(message.headers["inference-header-content-length"]);
    const sum = new BigInt64Array(Uint8Array.from(answer!.subarray(length)).buffer);
    assert.deepEqual([...sum], [2n ** 62n + 1n, -1n]);
  });

  it("takes compressed bodies", async () => {
    const body = gzipSync(request("r3", [1, 2]));
    assert.equal(await queue.handler!(delivery(body, { ...MODEL, "content-encoding": "gzip" })), true);
    assert.equal(queue.results.at(-1)!.message.key, "r3");
  });

  it("calls a result by the header, the message's id, or where the request lay", async () => {
    const unnamed = request(undefined, [1, 2]);
    await queue.handler!(delivery(unnamed, { ...MODEL, "slipway-id": "h" }));
    await queue.handler!({ ...delivery(unnamed, MODEL), messageId: "m" });
    await queue.handler!(delivery(unnamed, MODEL));
    const keys = queue.results.slice(-3).map(({ message }) => message.key);
    assert.deepEqual(keys, ["h", "m", "requests/0/17"]);
  });

  it("puts aside what cannot be answered, whatever is wrong with it", async () => {
    assert.equal(
      await deadLetter(request("a", [1, 2]), {}),
      "The message names no model: it needs the header `slipway-model`, or the consumer a `--default-model`.",
    );
    assert.equal(await deadLetter("{", MODEL), "The request body is not valid JSON.");
    assert.equal(
      await deadLetter("{}", { ...MODEL, "inference-header-content-length": "3" }),
      "The header Inference-Header-Content-Length (3) must be a whole number from 0 to the body's 2 bytes.",
    );
    assert.equal(
      await deadLetter(request("a", [1, 2]), { ...MODEL, "slipway-model-version": "9" }),
      "Model `add` has no version `9`; it has 1.",
    );
    assert.equal(
      await deadLetter(request("x".repeat(300), [1, 2]), MODEL),
      "The request's id has 300 bytes, but must have at most 255.",
    );
    assert.equal(
      await deadLetter(" ".repeat(2001), MODEL),
      "The body is larger than the 2000 bytes that `--max-body-bytes` allows.",
    );
    assert.equal(
      await deadLetter("{}", { ...MODEL, "content-encoding": "br" }),
      "The body's Content-Encoding (br) is not taken; send it plain, gzip or deflate.",
    );
  });

  it("counts messages beside the server's own metrics", async () => {
    await feed.readLag();
    const text = await server.metrics();
    assert.match(text, /^slipway_queue_connected 1$/m);
    assert.match(text, /^slipway_queue_lag_messages{partition="0"} 7$/m);
    assert.match(text, new RegExp(`^slipway_queue_messages_succeeded_total ${queue.results.length}$`, "m"));
    assert.match(text, /^slipway_inference_requests_total{model="add",version="1",code="OK"} \d+$/m);
  });

  it("leaves the queue first when the server drains", async () => {
    const other = new FakeQueue();
    const drained = await RunningServer.start(
      pairModel(0),
      { drainDelay: 0 },
      {
        feed: ({ accounts, options, log }) => new QueueFeed(other, accounts, { ...options, ...OPTIONS }, log),
      },
    );
    assert.equal(await drained.server.drain(), true);
    assert.equal(other.stops, 1);
    assert.equal(other.connected, false);
  });

  it("makes the server ready once the broker was reached, and not before", async () => {
    const away = new FakeQueue();
    away.start = () => undefined;
    const waiting = await RunningServer.start(
      pairModel(0),
      {},
      {
        feed: ({ accounts, options, log }) => new QueueFeed(away, accounts, { ...options, ...OPTIONS }, log),
      },
    );
    assert.equal((await waiting.call("GET", "/v2/health/ready")).status, 503);
    away.connectedOnce = true;
    assert.equal((await waiting.call("GET", "/v2/health/ready")).status, 200);
    await waiting.close();
  });
});
