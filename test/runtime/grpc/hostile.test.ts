import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { answerOf, frame, inferMessage, MODEL_INFER, WireClient } from "../support/grpc-wire";
import { held, scriptedListener, type ScriptedListener } from "../support/grpc-listener";

const MODEL_STREAM_INFER = "/inference.GRPCInferenceService/ModelStreamInfer";

/** Waits for what only shows at the other end; the test's time limit is the last resort. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("hostile clients of the gRPC listener", () => {
  let server: ScriptedListener;
  let client: WireClient;

  before(async () => {
    server = await scriptedListener();
    client = await WireClient.connect(server.port);
  });
  after(() => {
    client.close();
    server.listener.close();
  });
  afterEach("the server still answers", async () => {
    const sound = await WireClient.connect(server.port);
    assert.deepEqual((await sound.call(frame(inferMessage()))).status, [status.OK, ""]);
    sound.close();
    assert.equal(server.budget.heldBytes, 0);
  });

  const message = inferMessage();
  const announced = (size: number) => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(size, 1);
    return prefix;
  };
  const frames: [string, Buffer, number, string][] = [
    [
      "nothing",
      Buffer.alloc(0),
      status.INVALID_ARGUMENT,
      "The method takes one message, but the call has none.",
    ],
    ["half a prefix", Buffer.alloc(3), status.INVALID_ARGUMENT, "The call ended within a message."],
    [
      "half a message",
      frame(message).subarray(0, 20),
      status.INVALID_ARGUMENT,
      "The call ended within a message.",
    ],
    [
      "two messages",
      Buffer.concat([frame(message), frame(message)]),
      status.INVALID_ARGUMENT,
      "The method takes one message, but the call has more.",
    ],
    [
      "bytes after the message",
      Buffer.concat([frame(message), Buffer.of(0, 0)]),
      status.INVALID_ARGUMENT,
      "The call ended within a message.",
    ],
    [
      "a flag that does not exist",
      Buffer.concat([Buffer.of(7), frame(message).subarray(1)]),
      status.INVALID_ARGUMENT,
      "The flag before a message is 7, must be 0 or 1.",
    ],
    [
      "a message that is announced too large",
      announced(1_000_001),
      status.RESOURCE_EXHAUSTED,
      "A message is larger than the 1000000 bytes that `--max-body-bytes` allows.",
    ],
    [
      "the largest length there is",
      announced(0xffffffff),
      status.RESOURCE_EXHAUSTED,
      "A message is larger than the 1000000 bytes that `--max-body-bytes` allows.",
    ],
    [
      "what is no message at all",
      frame(Buffer.from("GET / HTTP/1.1")),
      status.INVALID_ARGUMENT,
      "The message is not a valid `inference.ModelInferRequest`: a field has an unknown wire type.",
    ],
  ];
  for (const [what, bytes, code, sentence] of frames) {
    it(`refuses ${what}`, async () => {
      const answer = await client.call(bytes);
      assert.deepEqual(answer.status, [code, sentence]);
      assert.equal(answer.headers[":status"], 200);
    });
  }

  it("reads no further where a message is refused before it is there", async () => {
    const stream = client.open();
    const answer = answerOf(stream);
    stream.write(announced(0xffffffff));
    assert.equal((await answer).status[0], status.RESOURCE_EXHAUSTED);
  });

  const requests: [string, Record<string, string>, string, number, number, string][] = [
    ["another method of HTTP", { ":method": "PUT" }, MODEL_INFER, 405, -1, ""],
    ["what is not gRPC", { "content-type": "application/json" }, MODEL_INFER, 415, -1, ""],
    ["another codec", { "content-type": "application/grpc+json" }, MODEL_INFER, 415, -1, ""],
    [
      "an unknown method",
      {},
      "/inference.GRPCInferenceService/Nope",
      200,
      status.UNIMPLEMENTED,
      "There is no method `/inference.GRPCInferenceService/Nope`.",
    ],
    [
      "a timeout without a unit",
      { "grpc-timeout": "20" },
      MODEL_INFER,
      200,
      status.INVALID_ARGUMENT,
      'The `grpc-timeout` "20" is not up to eight digits and one of H, M, S, m, u, n.',
    ],
    [
      "a timeout of too many digits",
      { "grpc-timeout": "123456789S" },
      MODEL_INFER,
      200,
      status.INVALID_ARGUMENT,
      'The `grpc-timeout` "123456789S" is not up to eight digits and one of H, M, S, m, u, n.',
    ],
  ];
  for (const [what, headers, path, http, code, sentence] of requests) {
    it(`refuses ${what}`, async () => {
      const answer = await client.call(frame(message), headers, path);
      assert.equal(answer.headers[":status"], http);
      assert.deepEqual(answer.status, [code, sentence]);
    });
  }

  it("takes the content type with a suffix and parameters", async () => {
    for (const type of ["application/grpc+proto", "application/grpc;charset=utf-8"]) {
      assert.equal((await client.call(frame(message), { "content-type": type })).status[0], status.OK);
    }
  });

  it("refuses headers without end, before its limits are acknowledged and after", async () => {
    const other = await WireClient.connect(server.port);
    const large = { "x-long": "a".repeat(17_000) };
    assert.deepEqual((await other.call(frame(message), large)).status, [
      status.RESOURCE_EXHAUSTED,
      "The call's headers are larger than the 16384 bytes that are taken.",
    ]);
    const { status: none, resetCode } = await other.call(frame(message), large);
    assert.deepEqual([none[0], resetCode], [-1, constants.NGHTTP2_ENHANCE_YOUR_CALM]);
    other.close();
  });

  it("ends a connection that opens calls only to reset them", async () => {
    const other = connectHttp2(`http://127.0.0.1:${server.port}`);
    other.on("error", () => undefined);
    await once(other, "connect");
    let ended = false;
    other.once("close", () => (ended = true));
    const runs = server.runs.length;
    for (let round = 0; round < 400 && !ended; round++) {
      for (let i = 0; i < 20 && !other.destroyed && !other.closed; i++) {
        const stream = other.request({
          ":method": "POST",
          ":path": MODEL_INFER,
          "content-type": "application/grpc",
        });
        stream.on("error", () => undefined);
        stream.close(8);
      }
      await new Promise(setImmediate);
    }
    if (!ended) await once(other, "close");
    assert.equal(server.runs.length, runs);
  });

  it("drops what does not speak HTTP/2", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    socket.resume();
    await once(socket, "close");
  });

  it("answers UNAVAILABLE when requests hold all the memory they may, with nothing left over", async () => {
    const budget = new ByteBudget(3000);
    const gate = held<void>();
    const begun = held<void>();
    const small = await scriptedListener(
      async (run) => {
        begun.resolve();
        await gate.promise;
        return [...run.inputs];
      },
      { budget },
    );
    const other = await WireClient.connect(small.port);
    const first = other.call(frame(inferMessage(new Array<number>(300).fill(1))));
    await begun.promise;
    const second = await other.call(frame(inferMessage(new Array<number>(300).fill(1))));
    assert.deepEqual(second.status, [
      status.UNAVAILABLE,
      "Requests hold the 3000 bytes that `--max-pending-bytes` allows already; retry later.",
    ]);
    gate.resolve();
    assert.equal((await first).status[0], status.OK);
    assert.equal(budget.heldBytes, 0);
    other.close();
    small.listener.close();
  });

  it("survives a deadline that passes on a stream which the client has closed under unread messages", async () => {
    const stuck = await scriptedListener(() => new Promise(() => undefined));
    const other = await WireClient.connect(stuck.port);
    const stream = other.open({ "grpc-timeout": "150m" }, MODEL_STREAM_INFER);
    // The server reads 64 messages ahead; what comes after them stays unread.
    stream.write(Buffer.concat(new Array<Buffer>(64).fill(frame(message))));
    await until(() => stuck.runs.length === 64);
    stream.write(frame(message));
    await new Promise((resolve) => other.session.ping(resolve));
    stream.close(constants.NGHTTP2_NO_ERROR);
    await until(() => stuck.runs[0]!.cancelled === true);
    assert.equal(stuck.budget.heldBytes, 0);
    other.close();
    stuck.listener.close();
  });

  it("reads compressed messages no faster than it unpacks them", async () => {
    const small = await scriptedListener(undefined, { budget: new ByteBudget(1.5e6) });
    const other = await WireClient.connect(small.port);
    const stream = other.open({ "grpc-encoding": "gzip" }, MODEL_STREAM_INFER);
    const answer = answerOf(stream);
    const packed = frame(gzipSync(inferMessage(Array.from({ length: 10_000 }, Math.random))), true);
    stream.end(Buffer.concat(new Array<Buffer>(100).fill(packed)));
    assert.deepEqual((await answer).status, [status.OK, ""]);
    assert.equal(small.runs.length, 100);
    assert.equal(small.budget.heldBytes, 0);
    other.close();
    small.listener.close();
  });

  describe("with short limits", () => {
    let hasty: ScriptedListener;
    before(async () => {
      hasty = await scriptedListener(undefined, {
        requestTimeout: 0.1,
        headerTimeout: 0.1,
        idleTimeout: 0.1,
      });
    });
    after(() => hasty.listener.close());

    it("refuses a message that takes too long to arrive", async () => {
      const other = await WireClient.connect(hasty.port);
      const stream = other.open();
      const answer = answerOf(stream);
      stream.write(frame(message).subarray(0, 20));
      assert.deepEqual((await answer).status, [
        status.DEADLINE_EXCEEDED,
        "The request took longer than 0.1 s to arrive.",
      ]);
      assert.equal(hasty.budget.heldBytes, 0);
      other.close();
    });

    it("ends a stream within whose message nothing comes any more, or too little", async () => {
      const other = await WireClient.connect(hasty.port);
      for (const [pieces, sendsFirst] of [
        [[20], false],
        [[20], true],
        [[8, 1, 1, 1, 1, 1, 1, 1], false],
      ] as const) {
        const stream = other.open({}, MODEL_STREAM_INFER);
        const answer = answerOf(stream);
        if (sendsFirst) stream.write(frame(message));
        let at = 0;
        for (const size of pieces) {
          stream.write(frame(message).subarray(at, (at += size)));
          await new Promise((resolve) => setTimeout(resolve, 40));
        }
        assert.deepEqual((await answer).status, [
          status.DEADLINE_EXCEEDED,
          "A message of the stream took longer than 0.1 s to arrive.",
        ]);
        assert.equal(hasty.budget.heldBytes, 0);
      }
      other.close();
    });

    it("leaves a stream alone that is silent between messages", async () => {
      const other = await WireClient.connect(hasty.port);
      const stream = other.open({}, MODEL_STREAM_INFER);
      const answer = answerOf(stream);
      for (let i = 0; i < 3; i++) {
        stream.write(frame(message));
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      stream.end();
      assert.deepEqual((await answer).status, [status.OK, ""]);
      other.close();
    });

    it("does not count the time in which it reads no more of a stream itself", async () => {
      const gate = held<void>();
      const busy = await scriptedListener(
        async (run) => {
          await gate.promise;
          return [...run.inputs];
        },
        { requestTimeout: 0.1 },
      );
      const other = await WireClient.connect(busy.port);
      const stream = other.open({}, MODEL_STREAM_INFER);
      const answer = answerOf(stream);
      const one = frame(message);
      stream.write(Buffer.concat([...new Array<Buffer>(64).fill(one), one.subarray(0, 20)]));
      await until(() => busy.runs.length === 64);
      stream.end(one.subarray(20));
      await new Promise((resolve) => setTimeout(resolve, 250));
      gate.resolve();
      assert.deepEqual((await answer).status, [status.OK, ""]);
      assert.equal(busy.runs.length, 65);
      other.close();
      busy.listener.close();
    });

    it("drops an answer that is not read", async () => {
      const session = connectHttp2(`http://127.0.0.1:${hasty.port}`, { settings: { initialWindowSize: 10 } });
      session.on("error", () => undefined);
      await once(session, "connect");
      const stream = session.request({
        ":method": "POST",
        ":path": MODEL_INFER,
        "content-type": "application/grpc",
      });
      stream.on("error", () => undefined);
      const closed = new Promise((resolve) => stream.once("close", resolve));
      // Nobody reads: the window is never opened again.
      stream.pause();
      stream.end(frame(inferMessage(new Array<number>(1000).fill(1))));
      await closed;
      assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
      assert.equal(hasty.budget.heldBytes, 0);
      session.destroy();
    });

    it("ends a connection that says nothing", async () => {
      const socket = connect(hasty.port, "127.0.0.1");
      socket.resume();
      await once(socket, "close");
    });

    it("ends a connection whose only call is one to an unknown method that never ends", async () => {
      const other = await WireClient.connect(hasty.port);
      const stream = other.open({}, "/no/such");
      const answer = answerOf(stream);
      assert.equal((await answer).status[0], status.UNIMPLEMENTED);
      if (!other.session.destroyed) await once(other.session, "close");
    });

    it("says goodbye on a connection without calls", async () => {
      const other = await WireClient.connect(hasty.port);
      const [code] = (await once(other.session, "goaway")) as [number];
      assert.equal(code, 0);
      if (!other.session.destroyed) await once(other.session, "close");
    });
  });
});
