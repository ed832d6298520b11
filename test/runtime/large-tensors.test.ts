import assert from "node:assert/strict";
import { identityModel } from "../support/onnx-model";
import { modelFolder } from "./support/model-folder";
import { grpcClient, type GrpcClient } from "./support/grpc-client";
import { RunningServer } from "./support/running-server";

const WIDTH = 8192;
const ROUNDS = 4;
const TOGETHER = 24;

const identity = identityModel("float32", ["rows", WIDTH]);
const wide = (name: string) => ({ name, datatype: "FP32", shape: [-1, WIDTH] });
const step = (input: string, output: string) => ({
  model: "same",
  inputs: { x: input },
  outputs: { y: output },
});
const pipeline = {
  inputs: [wide("x")],
  outputs: [wide("y"), wide("z")],
  steps: [step("x", "y"), step("y", "z")],
};

/** Values that tell requests and places apart, and JSON carries exactly. */
const row = (seed: number) => Float32Array.from({ length: WIDTH }, (_, i) => seed * 100_000 + i);

describe("requests and answers of large tensors", () => {
  let server: RunningServer;
  let client: GrpcClient;

  before(async () => {
    server = await RunningServer.start(
      modelFolder({
        "same/1/model.onnx": identity,
        "cached/1/model.onnx": identity,
        "cached/model.json": JSON.stringify({ cache: { maxBytes: 10_000_000 } }),
        "through/1/ignored": "",
        "through/model.json": JSON.stringify({ pipeline }),
      }),
    );
    client = grpcClient(server.grpcAddress);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  async function call(model: string, values: Float32Array): Promise<Float32Array[]> {
    const { raw_output_contents: raw } = await client.call("ModelInfer", {
      model_name: model,
      inputs: [{ name: "x", datatype: "FP32", shape: [1, WIDTH] }],
      raw_input_contents: [Buffer.from(values.buffer)],
    });
    return (raw as Buffer[]).map((bytes) => new Float32Array(new Uint8Array(bytes).buffer));
  }

  async function sendJson(model: string, values: Float32Array): Promise<Float32Array[]> {
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, WIDTH], data: [...values] }];
    const { status, body } = await server.infer(model, { inputs });
    assert.equal(status, 200, JSON.stringify(body));
    return (body.outputs as { data: number[] }[]).map(({ data }) => Float32Array.from(data));
  }

  async function sendBytes(model: string, values: Float32Array): Promise<Float32Array[]> {
    const size = values.byteLength;
    const parameters = { binary_data_size: size };
    const head = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [1, WIDTH], parameters }],
      parameters: { binary_data_output: true },
    });
    const response = await fetch(server.url(`/v2/models/${model}/infer`), {
      method: "POST",
      headers: { "inference-header-content-length": String(head.length) },
      body: Buffer.concat([Buffer.from(head), Buffer.from(values.buffer)]),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, bytes.toString());
    const tail = bytes.subarray(Number(response.headers.get("inference-header-content-length")));
    return Array.from(
      { length: tail.length / size },
      (_, i) => new Float32Array(new Uint8Array(tail.subarray(i * size, (i + 1) * size)).buffer),
    );
  }

  for (const [model, outputs] of [
    ["same", 1],
    ["cached", 1],
    ["through", 2],
  ] as const) {
    it(`are each other's equals, however many come together: ${model}`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const sent = Array.from({ length: TOGETHER }, async (_, i) => {
          // Some are equal, so that a cache has something to do.
          const values = row(round * TOGETHER + Math.floor(i / 4));
          const answers = await [sendJson, sendBytes, call][i % 3]!(model, values);
          assert.equal(answers.length, outputs);
          for (const answer of answers) assert.deepEqual(answer, values);
        });
        await Promise.all(sent);
      }
    });
  }
});
