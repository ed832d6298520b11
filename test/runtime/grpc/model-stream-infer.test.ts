import assert from "node:assert/strict";
import { status, type ClientDuplexStream } from "@grpc/grpc-js";
import { gzipSync } from "node:zlib";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import { inferenceType } from "../../../runtime/grpc/protos";
import { codecOf, grpcClient, type GrpcClient } from "../support/grpc-client";
import { held, scriptedListener, type ScriptedListener, type Script } from "../support/grpc-listener";
import { answerOf, frame, inferMessage, WireClient } from "../support/grpc-wire";

interface StreamResponse {
  error_message: string;
  infer_response: {
    id: string;
    parameters: Record<string, object>;
    raw_output_contents: Uint8Array[];
  } | null;
}

/** The time limit of the test is the patience. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

describe("ModelStreamInfer over gRPC", () => {
  let server: ScriptedListener;
  let client: GrpcClient;
  let script: Script;
  const { path, encode, decode } = codecOf("inference.GRPCInferenceService", "ModelStreamInfer");

  before(async () => {
    server = await scriptedListener((run) => script(run));
    client = grpcClient(server.address);
  });
  beforeEach(() => {
    script = (run) => Promise.resolve([...run.inputs]);
    server.runs.length = 0;
  });
  after(() => {
    client.close();
    server.listener.close();
  });

  const open = () =>
    client.raw.makeBidiStreamRequest(path, encode, decode) as ClientDuplexStream<object, StreamResponse>;
  const request = (id: string, rest: object = {}) => ({
    model_name: "m",
    id,
    inputs: [{ name: "x", datatype: "FP32", shape: [1] }],
    raw_input_contents: [Buffer.alloc(4)],
    ...rest,
  });
  async function all(stream: ClientDuplexStream<object, StreamResponse>): Promise<StreamResponse[]> {
    const responses: StreamResponse[] = [];
    for await (const response of stream) responses.push(response as StreamResponse);
    return responses;
  }

  it("answers each request, and goes on after one that is refused", async () => {
    const stream = open();
    stream.write(request("a"));
    stream.write(request("b", { model_name: "nope" }));
    stream.write(request("c", { raw_input_contents: [Buffer.alloc(3)] }));
    stream.write(request("d"));
    stream.end();
    const responses = await all(stream);
    assert.deepEqual(
      responses.map(({ error_message, infer_response }) => [infer_response?.id, error_message]),
      [
        ["a", ""],
        ["b", "There is no model `nope`."],
        ["c", "Input `x` has 3 raw bytes, but its shape needs 4."],
        ["d", ""],
      ],
    );
    assert.equal(server.budget.heldBytes, 0);
  });

  it("runs requests concurrently and answers them in their order", async () => {
    const runs: ((tensors: Tensor[]) => void)[] = [];
    const both = held<void>();
    script = (run: InferRequest) => {
      const { promise, resolve } = held<Tensor[]>();
      runs.push(() => resolve([...run.inputs]));
      if (runs.length === 2) both.resolve();
      return promise;
    };
    const stream = open();
    stream.write(request("first"));
    stream.write(request("second"));
    await both.promise;
    runs[1]!([]);
    // The second is done, but must wait; a while later the first is.
    await new Promise(setImmediate);
    runs[0]!([]);
    stream.end();
    assert.deepEqual(
      (await all(stream)).map(({ infer_response }) => infer_response!.id),
      ["first", "second"],
    );
  });

  it("marks the answer as final where that is asked for", async () => {
    const stream = open();
    stream.write(request("a", { parameters: { triton_enable_empty_final_response: { bool_param: true } } }));
    stream.write(request("b"));
    stream.end();
    const [marked, plain] = await all(stream);
    assert.equal(
      (marked!.infer_response!.parameters.triton_final_response as { bool_param: boolean }).bool_param,
      true,
    );
    assert.equal(plain!.infer_response!.parameters.triton_final_response, undefined);
  });

  it("cancels what runs when the client leaves", async () => {
    const never = held<Tensor[]>();
    const begun = held<void>();
    script = () => (begun.resolve(), never.promise);
    const stream = open();
    stream.on("error", () => undefined);
    stream.write(request("a"));
    await begun.promise;
    const ended = new Promise((resolve) => stream.once("status", resolve));
    stream.cancel();
    await ended;
    // A call after it on the same connection: the reset has been read by then.
    await client.call("ServerLive", {});
    assert.equal(server.runs[0]!.cancelled, true);
    assert.equal(server.budget.heldBytes, 0);
  });

  it("lets only so many requests run ahead of their answers", async () => {
    const gate = held<void>();
    let begun = 0;
    script = async (run) => {
      begun++;
      await gate.promise;
      return [...run.inputs];
    };
    const wire = await WireClient.connect(server.port);
    const stream = wire.open({}, path);
    const answer = answerOf(stream);
    const large = frame(inferMessage(new Array<number>(4000).fill(1)));
    for (let i = 0; i < 500; i++) stream.write(large);
    stream.end();
    await client.call("ServerLive", {});
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    assert.ok(begun >= 64 && begun < 200, `${begun} runs had begun`);
    gate.resolve();
    assert.deepEqual((await answer).status, [status.OK, ""]);
    assert.equal(begun, 500);
    wire.close();
  });

  it("accounts for answers until they are read, and runs no more requests than their bytes allow", async () => {
    const output = new Float32Array(60_000);
    script = () => Promise.resolve([{ name: "y", datatype: "FP32", shape: [60_000], data: output }]);
    const wire = await WireClient.connect(server.port);
    const stream = wire.open({}, path);
    for (let i = 0; i < 40; i++) {
      stream.write(frame(inferMessage()));
      await client.call("ServerLive", {});
    }
    const unread = server.runs.length;
    assert.ok(unread >= 5 && unread < 10, `${unread} requests had run`);
    assert.ok(server.budget.heldBytes >= unread * output.byteLength, `${server.budget.heldBytes} bytes`);
    const answer = answerOf(stream);
    stream.end();
    const { status: outcome, body } = await answer;
    assert.deepEqual(outcome, [status.OK, ""]);
    assert.ok(body.length > 40 * output.byteLength);
    assert.equal(server.budget.heldBytes, 0);
    wire.close();
  });

  it("gives the share of answers back when the client leaves without reading them", async () => {
    script = () =>
      Promise.resolve([{ name: "y", datatype: "FP32", shape: [60_000], data: new Float32Array(60_000) }]);
    const wire = await WireClient.connect(server.port);
    const stream = wire.open({}, path);
    for (let i = 0; i < 3; i++) stream.write(frame(inferMessage()));
    await until(() => server.runs.length === 3 && server.budget.heldBytes > 700_000);
    wire.close();
    await until(() => server.budget.heldBytes === 0);
  });

  it("keeps the order of messages of which some are compressed", async () => {
    const wire = await WireClient.connect(server.port);
    const bytes = ["1", "2", "3"].map((id, i) => {
      const message = inferMessage([i], { id });
      return i === 0 ? frame(gzipSync(message), true) : frame(message);
    });
    const answer = await wire.call(Buffer.concat(bytes), { "grpc-encoding": "gzip" }, path);
    wire.close();
    assert.deepEqual(answer.status, [status.OK, ""]);
    const ids: string[] = [];
    for (let at = 0; at < answer.body.length;) {
      const size = answer.body.readUInt32BE(at + 1);
      const message = inferenceType("ModelStreamInferResponse").decode(
        answer.body.subarray(at + 5, at + 5 + size),
      );
      ids.push((message as unknown as StreamResponse).infer_response!.id);
      at += 5 + size;
    }
    assert.deepEqual(ids, ["1", "2", "3"]);
  });

  it("says what a malformed message is and goes on", async () => {
    const wire = await WireClient.connect(server.port);
    const answer = await wire.call(
      Buffer.concat([frame(Buffer.of(0x0a, 9)), frame(inferMessage())]),
      {},
      path,
    );
    wire.close();
    assert.deepEqual(answer.status, [status.OK, ""]);
    const first = inferenceType("ModelStreamInferResponse").decode(
      answer.body.subarray(5, 5 + answer.body.readUInt32BE(1)),
    ) as unknown as StreamResponse;
    assert.equal(
      first.error_message,
      "The message is not a valid `inference.ModelInferRequest`: it ends within a field.",
    );
  });

  it("ends at the call's deadline", async () => {
    script = () => new Promise(() => undefined);
    const wire = await WireClient.connect(server.port);
    const stream = wire.open({ "grpc-timeout": "30m" }, path);
    const answer = answerOf(stream);
    stream.write(frame(inferMessage()));
    assert.equal((await answer).status[0], status.DEADLINE_EXCEEDED);
    assert.equal(server.runs[0]!.cancelled, true);
    wire.close();
  });
});
