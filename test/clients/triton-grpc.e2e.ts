import assert from "node:assert/strict";
import { modelFolder } from "../runtime/support/model-folder";
import { MODELS, SHOWN, SHOWN_SPECIAL_FLOATS, echoModels } from "./support/echo-models";
import { itMeets, ScriptResults, type Expectations, type Refusal } from "./support/script";
import { Serving } from "./support/serving";

const refusal = (code: string, message: string): Refusal => ({
  type: "InferenceServerException",
  status: `StatusCode.${code}`,
  message,
});

const NO_MODEL = "There is no model `nothing`.";
const tensor = (name: string) => ({ name, datatype: "INT64", shape: ["-1", "2"] });

const EXPECTED: Expectations = {
  ...SHOWN,
  health: [true, true, true, true],
  readiness_of_an_unknown_model: refusal("NOT_FOUND", NO_MODEL),
  server_metadata: ({ name, extensions }: { name: string; extensions: string[] }) => {
    assert.equal(name, "slipway");
    for (const extension of ["model_configuration", "model_repository", "statistics"]) {
      assert.ok(extensions.includes(extension), extension);
    }
  },
  model_metadata: {
    name: "add",
    versions: ["1"],
    platform: "onnxruntime_onnx",
    inputs: [tensor("a"), tensor("b")],
    outputs: [tensor("sum"), tensor("copy")],
  },
  model_config: ({ name, input }: { name: string; input: { name: string; data_type: string }[] }) => {
    assert.equal(name, "echo-fp16");
    assert.deepEqual([input[0]!.name, input[0]!.data_type], ["x", "TYPE_FP16"]);
  },
  repository_index: (index: { name: string; version: string; state: string }[]) => {
    assert.deepEqual(
      index.find(({ name }) => name === "add"),
      { name: "add", version: "1", state: "READY" },
    );
    assert.deepEqual(index.map(({ name }) => name).sort(), MODELS);
  },
  statistics_count_an_inference: [1, 1],
  outputs_in_the_order_asked_for: ["seven", ["copy", "sum"], [[1, 2]], [[11, 22]]],
  bits_of_special_floats: SHOWN_SPECIAL_FLOATS,
  "compression: gzip": true,
  "compression: deflate": true,
  request_parameters: SHOWN.FP32,
  classification: ({ status, message }: Refusal) => {
    assert.equal(status, "StatusCode.INVALID_ARGUMENT");
    assert.match(message, /^Output `y` .*`classification`/);
  },
  shared_memory: ([registered, sent]: [Refusal, Refusal]) => {
    assert.equal(registered.status, "StatusCode.UNIMPLEMENTED");
    assert.equal(sent.status, "StatusCode.INVALID_ARGUMENT");
    assert.match(sent.message, /shared.memory/);
  },
  async_infer_gives_each_its_own_rows: true,
  async_infer_gives_the_error: refusal("NOT_FOUND", NO_MODEL),
  stream_gives_each_its_own_rows: true,
  stream_survives_an_error: ([errors, sums]: [Refusal[], number[][][]]) => {
    assert.deepEqual(sums, [[[2, 2]]]);
    assert.deepEqual(
      errors.map(({ message }) => message),
      [NO_MODEL],
    );
  },
  aio_gives_each_its_own_rows: true,
  aio_stream: true,
  aio_administration: ["add", "add", true, "add", true, true, true],
  deadline_that_has_passed: "StatusCode.DEADLINE_EXCEEDED",
  unknown_model: refusal("NOT_FOUND", NO_MODEL),
  unknown_version: refusal("NOT_FOUND", "Model `add` has no version `7`; it has 1."),
  missing_input: refusal("INVALID_ARGUMENT", "Input `b` (INT64 [-1, 2]) of model `add` is missing."),
  wrong_datatype: refusal("INVALID_ARGUMENT", "Input `x` is FP64, but model `echo-fp32` takes FP32."),
  wrong_shape: refusal(
    "INVALID_ARGUMENT",
    "Input `x` has the shape [1, 5], but model `echo-fp32` takes [-1, 4].",
  ),
  unknown_output: refusal("INVALID_ARGUMENT", "Model `echo-fp32` has no output `z`; it gives `y`."),
  load_where_models_are_loaded_at_the_start: ({ status }: Refusal) =>
    assert.equal(status, "StatusCode.FAILED_PRECONDITION"),
};

describe("tritonclient over gRPC", () => {
  let serving: Serving;
  let results: ScriptResults;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()));
    results = await ScriptResults.of("triton_grpc.py", serving);
  });
  after(() => serving?.stop());

  itMeets(EXPECTED, () => results);
});
