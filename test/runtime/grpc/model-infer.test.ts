import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { cancelled, ServerError } from "../../../runtime/errors";
import { inferenceType } from "../../../runtime/grpc/protos";
import { answerOf, frame, inferMessage, WireClient } from "../support/grpc-wire";
import { held, scriptedListener, type ScriptedListener, type Script } from "../support/grpc-listener";

describe("ModelInfer over gRPC", () => {
  let server: ScriptedListener;
  let client: WireClient;
  let script: Script;
  const echo: Script = (run) => Promise.resolve([...run.inputs]);

  before(async () => {
    server = await scriptedListener((run) => script(run));
    client = await WireClient.connect(server.port);
  });
  beforeEach(() => {
    script = echo;
    server.runs.length = server.counted.outcomes.length = server.counted.unresolved.length = 0;
  });
  after(() => {
    client.close();
    server.listener.close();
  });

  const responseOf = (body: Buffer) =>
    inferenceType("ModelInferResponse").toObject(
      inferenceType("ModelInferResponse").decode(body.subarray(5)),
    );

  it("answers with the tensors, the id and the parameters as they came", async () => {
    const message = inferMessage([1, 2], { id: "ü", parameters: { p: { int64_param: 7 } } });
    const answer = await client.call(frame(message));
    assert.deepEqual(answer.status, [status.OK, ""]);
    const { id, parameters, outputs, raw_output_contents: raw } = responseOf(answer.body);
    assert.equal(id, "ü");
    assert.equal(Number(parameters.p.int64_param), 7);
    assert.deepEqual(outputs[0].name, "x");
    assert.deepEqual(Buffer.from(raw[0]), Buffer.from(new Float32Array([1, 2]).buffer));
    assert.deepEqual(server.counted.outcomes, ["OK"]);
    assert.equal(server.counted.serialised, 1);
    assert.equal(server.budget.heldBytes, 0);
  });

  it("hands the data plane who asks, and the parameters as plain values", async () => {
    await client.call(
      frame(inferMessage([1], { parameters: { priority: { uint64_param: 2 }, s: { string_param: "t" } } })),
    );
    const [run] = server.runs;
    assert.equal(run!.client, "127.0.0.1");
    assert.equal(run!.priority, 2);
    assert.deepEqual({ ...run!.parameters }, { priority: 2, s: "t" });
    assert.equal(run!.deadline, undefined);
  });

  it("takes the earlier of the call's deadline and the request's own", async () => {
    const now = performance.now();
    const timeout = (at: number) =>
      frame(inferMessage([1], { parameters: { timeout: { double_param: at } } }));
    await client.call(timeout(now + 1e9), { "grpc-timeout": "20S" });
    await client.call(timeout(now + 5000), { "grpc-timeout": "20S" });
    const [first, second] = server.runs;
    assert.ok(Math.abs(first!.deadline! - now - 20_000) < 5000, String(first!.deadline));
    assert.equal(second!.deadline, now + 5000);
  });

  it("answers DEADLINE_EXCEEDED when the deadline passes, and cancels the run", async () => {
    const never = held<Tensor[]>();
    script = () => never.promise;
    const answer = await client.call(frame(inferMessage()), { "grpc-timeout": "20m" });
    assert.deepEqual(answer.status, [
      status.DEADLINE_EXCEEDED,
      "The call's deadline passed before it was answered.",
    ]);
    assert.equal(server.runs[0]!.cancelled, true);
    never.reject(cancelled());
    await never.promise.catch(() => undefined);
    await new Promise(setImmediate);
    assert.deepEqual(server.counted.outcomes, ["DeadlineExceeded"]);
  });

  it("runs nothing for a deadline that has passed already", async () => {
    const answer = await client.call(frame(inferMessage()), { "grpc-timeout": "0n" });
    assert.equal(answer.status[0], status.DEADLINE_EXCEEDED);
    assert.equal(server.runs.length, 0);
  });

  it("cancels the run when the client gives the call up", async () => {
    const never = held<Tensor[]>();
    const begun = held<void>();
    script = () => (begun.resolve(), never.promise);
    const stream = client.open();
    stream.end(frame(inferMessage()));
    await begun.promise;
    const taken = server.budget.heldBytes;
    assert.ok(taken > 0);
    assert.notEqual(server.runs[0]!.cancelled, true);
    stream.close(constants.NGHTTP2_CANCEL);
    // A call after it on the same connection: the reset has been read by then.
    script = echo;
    await client.call(frame(inferMessage()));
    assert.equal(server.runs[0]!.cancelled, true);
    assert.equal(server.budget.heldBytes, 0);
    never.reject(cancelled());
  });

  it("cancels the run when the connection breaks", async () => {
    const never = held<Tensor[]>();
    const begun = held<void>();
    script = () => (begun.resolve(), never.promise);
    const other = await WireClient.connect(server.port);
    other.open().end(frame(inferMessage()));
    await begun.promise;
    other.close();
    const [run] = server.runs;
    while (!run!.cancelled) await new Promise(setImmediate);
    never.reject(cancelled());
  });

  const refused: [string, () => Error, number, string][] = [
    [
      "a refusal of the model's",
      () => new ServerError("QueueFull", "Model `m` has 5 requests waiting already; retry later."),
      status.UNAVAILABLE,
      "Model `m` has 5 requests waiting already; retry later.",
    ],
    [
      "a fault, without its cause",
      () => new Error("/etc/secret"),
      status.INTERNAL,
      "The server failed to process the request; its log holds the cause.",
    ],
    [
      "text beyond ASCII",
      () => new ServerError("Conflict", "50 % naïve ✓"),
      status.FAILED_PRECONDITION,
      "50 % naïve ✓",
    ],
  ];
  for (const [what, error, code, message] of refused) {
    it(`answers with ${what}`, async () => {
      script = () => Promise.reject(error());
      const answer = await client.call(frame(inferMessage()), { "x-request-id": "mine" });
      assert.deepEqual(answer.status, [code, message]);
      assert.equal(answer.headers["x-request-id"], "mine");
      assert.equal(
        answer.headers["grpc-retry-pushback-ms"],
        code === status.UNAVAILABLE ? "1000" : undefined,
      );
    });
  }

  it("echoes the request id, and makes one for a call that fails", async () => {
    const given = await client.call(frame(inferMessage()), { "x-request-id": "mine" });
    assert.equal(given.headers["x-request-id"], "mine");
    const none = await client.call(frame(inferMessage()));
    assert.equal(none.headers["x-request-id"], undefined);
    const failed = await client.call(frame(inferMessage([1], { model_name: "nope" })));
    assert.deepEqual(failed.status, [status.NOT_FOUND, "There is no model `nope`."]);
    assert.match(String(failed.headers["x-request-id"]), /^[0-9a-f]{16}-/);
    assert.deepEqual(server.counted.unresolved, ["ModelNotFound"]);
  });

  describe("compression", () => {
    const long = inferMessage(new Array<number>(2000).fill(1));

    const codecs = { gzip: [gzipSync, gunzipSync], deflate: [deflateSync, inflateSync] } as const;
    for (const [encoding, [pack, unpack]] of Object.entries(codecs)) {
      it(`answers ${encoding} with ${encoding}`, async () => {
        const answer = await client.call(frame(pack(long), true), { "grpc-encoding": encoding });
        assert.deepEqual(answer.status, [status.OK, ""]);
        assert.equal(answer.headers["grpc-encoding"], encoding);
        assert.equal(answer.body[0], 1);
        assert.ok(answer.body.length < 500, String(answer.body.length));
        const { raw_output_contents: raw } = responseOf(frame(unpack(answer.body.subarray(5))));
        assert.deepEqual(Buffer.from(raw[0]), Buffer.from(new Float32Array(2000).fill(1).buffer));
        assert.equal(server.budget.heldBytes, 0);
      });
    }

    it("leaves an answer plain that would not get smaller", async () => {
      const answer = await client.call(frame(gzipSync(inferMessage()), true), { "grpc-encoding": "gzip" });
      assert.equal(answer.body[0], 0);
    });

    it("stops unpacking at the largest message", async () => {
      const bomb = gzipSync(Buffer.alloc(2e6));
      const answer = await client.call(frame(bomb, true), { "grpc-encoding": "gzip" });
      assert.deepEqual(answer.status, [
        status.RESOURCE_EXHAUSTED,
        "A message is larger than the 1000000 bytes that `--max-body-bytes` allows.",
      ]);
      assert.equal(server.budget.heldBytes, 0);
    });

    const wrong: [string, Buffer, Record<string, string>, number, string][] = [
      [
        "damaged data",
        frame(Buffer.from("no gzip"), true),
        { "grpc-encoding": "gzip" },
        status.INVALID_ARGUMENT,
        "A message is not valid gzip data.",
      ],
      [
        "compression that no header names",
        frame(gzipSync(long), true),
        {},
        status.INVALID_ARGUMENT,
        "A message is compressed, but the call has no `grpc-encoding`.",
      ],
      [
        "an encoding that the server lacks",
        frame(long),
        { "grpc-encoding": "snappy" },
        status.UNIMPLEMENTED,
        'The `grpc-encoding` "snappy" is not taken; use gzip, deflate or identity.',
      ],
    ];
    for (const [what, bytes, headers, code, message] of wrong) {
      it(`refuses ${what}`, async () => {
        const answer = await client.call(bytes, headers);
        assert.deepEqual(answer.status, [code, message]);
        if (code === status.UNIMPLEMENTED)
          assert.equal(answer.headers["grpc-accept-encoding"], "identity,deflate,gzip");
      });
    }
  });

  it("answers each of many calls on one connection with its own", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const { body } = await client.call(frame(inferMessage([i], { id: `${i}` })));
        const { id, raw_output_contents: raw } = responseOf(body);
        return [id, Buffer.from(raw[0]).readFloatLE(0)];
      }),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: 200 }, (_, i) => [`${i}`, i]),
    );
  });

  it("takes a message in pieces of any size", async () => {
    const bytes = frame(inferMessage(new Array<number>(60_000).fill(3)));
    const stream = client.open();
    const answer = answerOf(stream);
    for (let at = 0; at < bytes.length; at += 7001) {
      if (!stream.write(bytes.subarray(at, at + 7001))) await once(stream, "drain");
    }
    stream.end();
    assert.deepEqual((await answer).status, [status.OK, ""]);
    assert.deepEqual(server.runs[0]!.inputs[0]!.shape, [60_000]);
  });
});
