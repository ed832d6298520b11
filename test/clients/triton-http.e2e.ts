import assert from "node:assert/strict";
import { modelFolder } from "../runtime/support/model-folder";
import { DATATYPES, MODELS, SHOWN, SHOWN_SPECIAL_FLOATS, echoModels } from "./support/echo-models";
import { itMeets, ScriptResults, type Expectations, type Refusal } from "./support/script";
import { Serving } from "./support/serving";

const both = ["binary", "json"] as const;
const echoes = DATATYPES.flatMap((datatype) =>
  both.flatMap((way) => both.map((out) => [`${datatype}, ${way} in, ${out} out`, SHOWN[datatype]] as const)),
);
const compressions = ["gzip", "deflate"].flatMap((algorithm) =>
  both.flatMap((form) =>
    [
      [algorithm, "None"],
      ["None", algorithm],
      [algorithm, algorithm],
    ].map(([request, response]) => [`compression: ${request} in, ${response} out, ${form}`, true] as const),
  ),
);

const refusal = (status: string, message: string): Refusal => ({
  type: "InferenceServerException",
  status,
  message,
});

const EXPECTED: Expectations = {
  ...Object.fromEntries(echoes),
  ...Object.fromEntries(compressions),
  health: [true, true, true, true, false, false],
  server_metadata: (metadata: { name: string; version: string; extensions: string[] }) => {
    assert.equal(metadata.name, "slipway");
    for (const extension of ["binary_tensor_data", "model_configuration", "model_repository", "statistics"]) {
      assert.ok(metadata.extensions.includes(extension), extension);
    }
  },
  model_metadata: {
    name: "add",
    versions: ["1"],
    platform: "onnxruntime_onnx",
    inputs: [
      { name: "a", datatype: "INT64", shape: [-1, 2] },
      { name: "b", datatype: "INT64", shape: [-1, 2] },
    ],
    outputs: [
      { name: "sum", datatype: "INT64", shape: [-1, 2] },
      { name: "copy", datatype: "INT64", shape: [-1, 2] },
    ],
  },
  model_config: (config: {
    name: string;
    input: { name: string; data_type: string }[];
    output: { name: string; data_type: string }[];
    max_batch_size: number;
  }) => {
    assert.equal(config.name, "echo-fp16");
    assert.deepEqual(
      [...config.input, ...config.output].map(({ name, data_type }) => [name, data_type]),
      [
        ["x", "TYPE_FP16"],
        ["y", "TYPE_FP16"],
      ],
    );
    assert.ok(Number.isInteger(config.max_batch_size));
  },
  repository_index: (index: { name: string; version: string; state: string }[]) => {
    assert.deepEqual(
      index.map(({ name, version, state }) => [name, version, state]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
      MODELS.map((name) => [name, "1", "READY"]),
    );
  },
  statistics_count_an_inference: [1, 1],
  statistics_of_all_models: MODELS,
  outputs_in_the_order_asked_for: ["seven", ["copy", "sum"], [[1, 2]], [[11, 22]]],
  all_outputs_where_none_is_asked_for: [["copy", "sum"], [[11, 22]]],
  inputs_of_both_kinds_in_one_request: [[4, 6]],
  bits_of_special_floats: SHOWN_SPECIAL_FLOATS,
  // onnxruntime's strings are text; other bytes would not come back as they went.
  bytes_that_are_no_text: refusal("400", "Input `x` holds bytes that are not UTF-8 text."),
  many_long_texts: true,
  request_parameters: SHOWN.FP32,
  classification: ({ status, message }: Refusal) => {
    assert.equal(status, "400");
    assert.match(message, /^Output `y` .*`classification`/);
  },
  shared_memory: ([registered, sent]: [Refusal, Refusal]) => {
    assert.deepEqual([registered.status, sent.status], ["404", "400"]);
    assert.match(sent.message, /shared.memory/);
  },
  async_infer_gives_each_its_own_rows: true,
  async_infer_gives_the_error: refusal("404", "There is no model `nothing`."),
  aio_gives_each_its_own_rows: true,
  aio_administration: ["add", "add", true, "add", true, true, true],
  aio_gives_the_error: refusal("404", "There is no model `nothing`."),
  unknown_model: refusal("404", "There is no model `nothing`."),
  unknown_version: refusal("404", "Model `add` has no version `7`; it has 1."),
  missing_input: refusal("400", "Input `b` (INT64 [-1, 2]) of model `add` is missing."),
  wrong_datatype: refusal("400", "Input `x` is FP64, but model `echo-fp32` takes FP32."),
  wrong_shape: refusal("400", "Input `x` has the shape [1, 5], but model `echo-fp32` takes [-1, 4]."),
  unknown_output: refusal("400", "Model `echo-fp32` has no output `z`; it gives `y`."),
  metadata_of_an_unknown_model: refusal("404", "There is no model `nothing`."),
  load_where_models_are_loaded_at_the_start: (refused: Refusal) => assert.equal(refused.status, "409"),
};

describe("tritonclient over HTTP", () => {
  let serving: Serving;
  let results: ScriptResults;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()));
    results = await ScriptResults.of("triton_http.py", serving);
  });
  after(() => serving?.stop());

  itMeets(EXPECTED, () => results);
});
