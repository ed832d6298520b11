import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { FakeWorker } from "../support/fake-worker";
import { grpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const request = (count: number) => ({
  inputs: [{ name: "x", datatype: "FP32", shape: [count], data: new Array<number>(count).fill(0.5) }],
});

describe("a server under load", () => {
  let server: RunningServer;
  const start = async (options: object) => {
    FakeWorker.all.length = 0;
    const repository = modelFolder({ "m/1/model.onnx": "" });
    server = await RunningServer.start(repository, options, { spawn: () => new FakeWorker().asWorker() });
  };
  afterEach(() => server.close());

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let i = 0; i < 400; i++) {
      if (await condition()) return;
      await delay(10);
    }
    assert.fail("the condition did not come true within 4 s");
  }

  it("refuses bodies beyond the bytes that it may hold with 503, and takes them again after the answers", async () => {
    await start({ maxBodyBytes: 8192, maxPendingBytes: 8192 });
    const held = server.infer("m", request(1500));
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    const refused = await server.infer("m", request(1000));
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
    assert.deepEqual(refused.body, {
      error: "Requests hold the 8192 bytes that `--max-pending-bytes` allows already; retry later.",
    });
    FakeWorker.all[0]!.answer();
    assert.equal((await held).status, 200);
    const next = server.infer("m", request(1000));
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    FakeWorker.all[0]!.answer();
    assert.equal((await next).status, 200);
    assert.match(
      await server.metrics(),
      /rejected_requests_total\{model="m",version="1",reason="Overloaded"\} 1/,
    );
  });

  it("refuses gRPC messages beyond them as unavailable", async () => {
    // A message counts until its tensors are read out of it, and these until the answer.
    await start({ maxBodyBytes: 8192, maxPendingBytes: 14_000 });
    const client = grpcClient(server.grpcAddress);
    const infer = (count: number) =>
      client.call("ModelInfer", {
        model_name: "m",
        inputs: [{ name: "x", datatype: "FP32", shape: [count] }],
        raw_input_contents: [Buffer.alloc(count * 4)],
      });
    const held = infer(1500);
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    await assert.rejects(infer(1000), {
      code: status.UNAVAILABLE,
      details: "Requests hold the 14000 bytes that `--max-pending-bytes` allows already; retry later.",
    });
    FakeWorker.all[0]!.answer();
    await held;
    client.close();
  });

  it("gives back the bytes of clients that left while they waited, and counts them", async () => {
    await start({ maxBodyBytes: 8192, maxPendingBytes: 8192 });
    const busy = [1, 1].map((count) => server.infer("m", request(count)));
    await until(() => FakeWorker.all[0]!.runs.length === 2);
    const abort = new AbortController();
    const gone = fetch(server.url("/v2/models/m/infer"), {
      method: "POST",
      body: JSON.stringify(request(1500)),
      signal: abort.signal,
    });
    await until(async () => /pending_requests\{model="m",version="1"\} 1/.test(await server.metrics()));
    abort.abort();
    await assert.rejects(gone);
    await delay(50);
    for (let i = 0; i < 2; i++) FakeWorker.all[0]!.answer();
    await Promise.all(busy);
    await until(async () =>
      /requests_total\{model="m",version="1",code="Cancelled"\} 1/.test(await server.metrics()),
    );
    const next = server.infer("m", request(1500));
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    FakeWorker.all[0]!.answer();
    assert.equal((await next).status, 200);
  });

  it("ends a connection whose client does not read its answer", async () => {
    await start({ requestTimeout: 0.3 });
    const socket = connect(server.server.ports().http, "127.0.0.1");
    const body = JSON.stringify(request(2_000_000));
    socket.write(
      `POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    const closed = once(socket, "close");
    socket.on("error", () => undefined);
    await until(() => FakeWorker.all[0]!.runs.length === 1);
    FakeWorker.all[0]!.answer();
    await delay(1200);
    socket.resume();
    await closed;
    assert.ok(socket.bytesRead < 8_000_000, `${socket.bytesRead} bytes came`);
  });

  it("ends a connection that was never used without an answer to a request that was never made", async () => {
    await start({ headerTimeout: 0.2 });
    const unused = connect(server.server.ports().http, "127.0.0.1");
    const begun = connect(server.server.ports().http, "127.0.0.1");
    begun.write("GET /v2 HTTP/1.1\r\n");
    unused.resume();
    begun.resume();
    await Promise.all([once(unused, "close"), once(begun, "close")]);
    assert.equal(unused.bytesRead, 0);
    assert.ok(begun.bytesRead > 0);
  });
});
