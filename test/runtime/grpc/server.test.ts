import assert from "node:assert/strict";
import { status, type ServiceError } from "@grpc/grpc-js";
import Long from "long";
import { addModel, identityModel } from "../../support/onnx-model";
import { grpcClient, type GrpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("the gRPC transport", () => {
  let server: RunningServer;
  let client: GrpcClient;

  before(async () => {
    const repository = modelFolder({
      "add/1/model.onnx": addModel("float32", ["n", 2]),
      "add/2/model.onnx": addModel("float32", ["n", 2]),
      "longs/1/model.onnx": identityModel("int64", ["n"]),
      "bytes/1/model.onnx": identityModel("int8", ["n"]),
      "halves/1/model.onnx": identityModel("float16", ["n"]),
      "texts/1/model.onnx": identityModel("string", ["n"]),
      "flags/1/model.onnx": identityModel("bool", ["n"]),
    });
    server = await RunningServer.start(repository);
    client = grpcClient(server.grpcAddress);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  const floats = (...values: number[]) => Buffer.from(new Float32Array(values).buffer);
  const raw = (rest: object = {}) => ({
    model_name: "add",
    inputs: [
      { name: "a", datatype: "FP32", shape: [1, 2] },
      { name: "b", datatype: "FP32", shape: [1, 2] },
    ],
    raw_input_contents: [floats(1, 2), floats(3, 4)],
    ...rest,
  });
  const identity = (model: string, datatype: string, size: number, contents: object) => ({
    model_name: model,
    inputs: [{ name: "x", datatype, shape: [size], contents }],
  });

  async function refusal(request: object, method = "ModelInfer"): Promise<[number, string]> {
    const error: ServiceError = await client.call(method, request).then(
      () => assert.fail("the call was answered"),
      (thrown: unknown) => thrown as ServiceError,
    );
    return [error.code, error.details];
  }

  it("answers health, readiness and metadata", async () => {
    assert.equal((await client.call("ServerLive", {})).live, true);
    assert.equal((await client.call("ServerReady", {})).ready, true);
    assert.equal((await client.call("ModelReady", { name: "add", version: "1" })).ready, true);
    assert.equal((await client.call("ServerMetadata", {})).name, "slipway");
    const metadata = await client.call("ModelMetadata", { name: "add" });
    assert.deepEqual(metadata.versions, ["1", "2"]);
    assert.deepEqual(metadata.inputs[0].shape.map(Number), [-1, 2]);
  });

  it("answers names of any length with a message that fits into a header", async () => {
    const [code, details] = await refusal({ model_name: "m", inputs: [] });
    assert.equal(code, status.NOT_FOUND, details);
    const long = "🙂".repeat(200_000);
    const [, refused] = await refusal(identity("add", long, 1, {}));
    assert.ok(refused.length <= 1001, String(refused.length));
    const health = client.call("Check", { service: "🙂".repeat(1000) }, "grpc.health.v1.Health");
    await assert.rejects(health, { code: status.NOT_FOUND });
  });

  it("answers gRPC's own health check", async () => {
    const check = (service: string) => client.call("Check", { service }, "grpc.health.v1.Health");
    assert.equal((await check("")).status, 1);
    assert.equal((await check("inference.GRPCInferenceService")).status, 1);
    await assert.rejects(check("nope"), { code: status.NOT_FOUND });
  });

  it("runs raw tensors, echoing id and parameters", async () => {
    const response = await client.call(
      "ModelInfer",
      raw({ id: "q", parameters: { p: { string_param: "v" } } }),
    );
    assert.deepEqual([response.model_name, response.model_version, response.id], ["add", "2", "q"]);
    assert.equal(response.parameters.p.string_param, "v");
    assert.deepEqual(
      response.outputs.map((output: { name: string }) => output.name),
      ["sum", "copy"],
    );
    assert.deepEqual(response.raw_output_contents[0], floats(4, 6));
  });

  it("runs typed tensors and gives the requested outputs only", async () => {
    const inputs = raw().inputs.map((input) => ({ ...input, contents: { fp32_contents: [1, 2] } }));
    const request = { model_name: "add", model_version: "1", inputs, outputs: [{ name: "sum" }] };
    const response = await client.call("ModelInfer", request);
    assert.deepEqual(response.raw_output_contents, [floats(2, 4)]);
  });

  it("keeps every digit of 64-bit integers", async () => {
    const values = ["9223372036854775807", "-9007199254740993"];
    const request = identity("longs", "INT64", 2, {
      int64_contents: values.map((value) => Long.fromString(value)),
    });
    const [bytes] = (await client.call("ModelInfer", request)).raw_output_contents;
    assert.deepEqual([bytes.readBigInt64LE(0), bytes.readBigInt64LE(8)], values.map(BigInt));
  });

  it("carries booleans, and texts in both forms", async () => {
    const flags = await client.call(
      "ModelInfer",
      identity("flags", "BOOL", 2, { bool_contents: [true, false] }),
    );
    assert.deepEqual([...flags.raw_output_contents[0]], [1, 0]);
    const encoded = Buffer.from([1, 0, 0, 0, 0x61, 0, 0, 0, 0]);
    const typed = await client.call(
      "ModelInfer",
      identity("texts", "BYTES", 2, { bytes_contents: [Buffer.from("a"), Buffer.alloc(0)] }),
    );
    assert.deepEqual(typed.raw_output_contents[0], encoded);
    const request = {
      model_name: "texts",
      inputs: [{ name: "x", datatype: "BYTES", shape: [2] }],
      raw_input_contents: [encoded],
    };
    assert.deepEqual((await client.call("ModelInfer", request)).raw_output_contents[0], encoded);
  });

  const refused: [string, object, number, string][] = [
    ["an unknown model", raw({ model_name: "nope" }), status.NOT_FOUND, "There is no model `nope`."],
    [
      "no input at all",
      { model_name: "bytes" },
      status.INVALID_ARGUMENT,
      "Input `x` (INT8 [-1]) of model `bytes` is missing.",
    ],
    [
      "too few raw bytes",
      raw({ raw_input_contents: [floats(1), floats(3, 4)] }),
      status.INVALID_ARGUMENT,
      "Input `a` has 4 raw bytes, but its shape needs 8.",
    ],
    [
      "fewer raw tensors than inputs",
      raw({ raw_input_contents: [floats(1, 2)] }),
      status.INVALID_ARGUMENT,
      "`raw_input_contents` has 1 entries for 2 inputs; raw and typed contents cannot be mixed.",
    ],
    [
      "an integer that does not fit",
      identity("bytes", "INT8", 1, { int_contents: [128] }),
      status.INVALID_ARGUMENT,
      "Input `x` holds 128, which is not a INT8 value.",
    ],
    [
      "contents of another type",
      identity("bytes", "INT8", 1, { fp32_contents: [1] }),
      status.INVALID_ARGUMENT,
      "Input `x` is INT8 and must be in `int_contents`, not in `fp32_contents`.",
    ],
    [
      "too few elements",
      identity("bytes", "INT8", 2, { int_contents: [1] }),
      status.INVALID_ARGUMENT,
      "Input `x` has 1 elements in `int_contents`, but its shape needs 2.",
    ],
    [
      "typed halves",
      identity("halves", "FP16", 1, {}),
      status.INVALID_ARGUMENT,
      "Input `x` is FP16, which travels in `raw_input_contents` only.",
    ],
    [
      "an unknown datatype",
      identity("bytes", "BF16", 1, {}),
      status.INVALID_ARGUMENT,
      'Input `x` has the datatype "BF16", must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES.',
    ],
  ];
  for (const [what, request, code, details] of refused) {
    it(`refuses ${what}`, async () => assert.deepEqual(await refusal(request), [code, details]));
  }
});
