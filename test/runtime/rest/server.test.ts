import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { addModel, identityModel, type ElementType } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const DATA: [ElementType, string, unknown[]][] = [
  ["bool", "BOOL", [true, false, true]],
  ["uint8", "UINT8", [0, 255, 1]],
  ["uint16", "UINT16", [0, 65535, 1]],
  ["uint32", "UINT32", [0, 4294967295, 1]],
  ["uint64", "UINT64", [0, 9007199254740991, 1]],
  ["int8", "INT8", [-128, 127, 1]],
  ["int16", "INT16", [-32768, 32767, 1]],
  ["int32", "INT32", [-2147483648, 2147483647, 1]],
  ["int64", "INT64", [-9007199254740991, 9007199254740991, 1]],
  ["float16", "FP16", [1.5, -2, 0.25]],
  ["float32", "FP32", [1.5, -2, 0.25]],
  ["float64", "FP64", [1.1, -2e300, 0.25]],
  ["string", "BYTES", ["a", "", "grüße 🙂"]],
];

describe("the REST transport", () => {
  let server: RunningServer;

  before(async () => {
    const files: Record<string, Buffer> = Object.fromEntries(
      DATA.map(([type]) => [`identity-${type}/1/model.onnx`, identityModel(type, ["n"])]),
    );
    files["add/1/model.onnx"] = addModel("float32", ["n", 2]);
    files["add/3/model.onnx"] = addModel("float32", ["n", 2]);
    files["add/10/model.onnx"] = addModel("float32", ["n", 2]);
    server = await RunningServer.start(modelFolder(files), { maxBodyBytes: 4096 });
  });
  after(() => server.close());

  const add = (a: number[], b: number[], rest: object = {}) => ({
    inputs: [
      { name: "a", datatype: "FP32", shape: [a.length / 2, 2], data: a },
      { name: "b", datatype: "FP32", shape: [b.length / 2, 2], data: b },
    ],
    ...rest,
  });

  it("answers server metadata and health", async () => {
    const metadata = await server.call("GET", "/v2");
    assert.equal(metadata.status, 200);
    assert.equal(metadata.body.name, "slipway");
    assert.deepEqual(metadata.body.extensions, [
      "binary_tensor_data",
      "model_configuration",
      "model_repository",
      "model_repository(unload_dependents)",
      "parameters",
      "schedule_policy",
      "statistics",
    ]);
    assert.deepEqual((await server.call("GET", "/v2/health/live")).body, { live: true });
    assert.deepEqual((await server.call("GET", "/v2/health/ready?verbose")).body, { ready: true });
    assert.deepEqual((await server.call("GET", "/v2/models/add/ready")).body, { name: "add", ready: true });
  });

  it("answers model metadata with versions in the order of their numbers", async () => {
    const { body } = await server.call("GET", "/v2/models/add/versions/3");
    assert.deepEqual(body, {
      name: "add",
      versions: ["1", "3", "10"],
      platform: "onnxruntime_onnx",
      inputs: [
        { name: "a", datatype: "FP32", shape: [-1, 2] },
        { name: "b", datatype: "FP32", shape: [-1, 2] },
      ],
      outputs: [
        { name: "sum", datatype: "FP32", shape: [-1, 2] },
        { name: "copy", datatype: "FP32", shape: [-1, 2] },
      ],
    });
  });

  it("lists the repository", async () => {
    const { body } = await server.call("POST", "/v2/repository/index", { ready: true });
    assert.equal(body.length, DATA.length + 3);
    assert.deepEqual(body[0], { name: "add", version: "1", state: "READY", reason: "" });
  });

  it("runs the highest version, echoing id and parameters", async () => {
    const { status, body } = await server.infer(
      "add",
      add([1, 2], [3, 4], { id: "q", parameters: { p: [1] } }),
    );
    assert.equal(status, 200);
    assert.deepEqual(body, {
      model_name: "add",
      model_version: "10",
      id: "q",
      parameters: { p: [1] },
      outputs: [
        { name: "sum", datatype: "FP32", shape: [1, 2], data: [4, 6] },
        { name: "copy", datatype: "FP32", shape: [1, 2], data: [1, 2] },
      ],
    });
  });

  it("runs the version that is asked for", async () => {
    const { body } = await server.call("POST", "/v2/models/add/versions/3/infer", add([1, 2], [3, 4]));
    assert.equal(body.model_version, "3");
  });

  it("gives the requested outputs only, in the order asked for", async () => {
    const outputs = [{ name: "copy" }, { name: "sum" }];
    const both = await server.infer("add", add([1, 2], [3, 4], { outputs }));
    assert.deepEqual(
      both.body.outputs.map((output: { name: string }) => output.name),
      ["copy", "sum"],
    );
    const single = await server.infer("add", add([1, 2], [3, 4], { outputs: [{ name: "sum" }] }));
    assert.deepEqual(
      single.body.outputs.map((output: { data: number[] }) => output.data),
      [[4, 6]],
    );
  });

  it("takes inputs in any order", async () => {
    const body = add([1, 2], [3, 4]);
    body.inputs.reverse();
    assert.deepEqual((await server.infer("add", body)).body.outputs[1].data, [1, 2]);
  });

  for (const [type, datatype, data] of DATA) {
    it(`carries ${datatype} both ways`, async () => {
      const { status, body } = await server.infer(`identity-${type}`, {
        inputs: [{ name: "x", datatype, shape: [3], data }],
      });
      assert.equal(status, 200, body.error);
      assert.deepEqual(body.outputs, [{ name: "y", datatype, shape: [3], data }]);
    });
  }

  for (const [type, datatype, data] of DATA) {
    it(`carries ${datatype} both ways as bytes`, async () => {
      const outputs = [{ name: "y", parameters: { binary_data: true } }];
      const json = { inputs: [{ name: "x", datatype, shape: [3], data }], outputs };
      const asked = await infer(`identity-${type}`, Buffer.from(JSON.stringify(json)));
      const { parameters } = asked.json.outputs[0];
      assert.deepEqual(parameters, { binary_data_size: asked.tail.length });
      const head = JSON.stringify({
        inputs: [{ name: "x", datatype, shape: [3], parameters }],
        parameters: { binary_data_output: true },
      });
      const again = await infer(
        `identity-${type}`,
        Buffer.concat([Buffer.from(head), asked.tail]),
        Buffer.byteLength(head),
      );
      assert.deepEqual(again.tail, asked.tail);
      // A body of BYTES alone is one element.
      if (datatype === "BYTES") return;
      assert.deepEqual((await infer(`identity-${type}`, asked.tail, 0)).tail, asked.tail);
    });
  }

  /** Sends a body and takes the answer apart. */
  async function infer(model: string, body: Buffer, jsonLength?: number) {
    const response = await fetch(server.url(`/v2/models/${model}/infer`), {
      method: "POST",
      body,
      headers: jsonLength === undefined ? {} : { "inference-header-content-length": String(jsonLength) },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, bytes.toString());
    const length = Number(response.headers.get("inference-header-content-length"));
    return { json: JSON.parse(bytes.toString("utf8", 0, length)), tail: bytes.subarray(length) };
  }

  it("carries INT64 beyond 2^53 exactly", async () => {
    const text =
      '{"inputs":[{"name":"x","datatype":"INT64","shape":[2],"data":[9223372036854775807,-9007199254740993]}]}';
    const response = await fetch(server.url("/v2/models/identity-int64/infer"), {
      method: "POST",
      body: text,
    });
    assert.match(await response.text(), /"data":\[9223372036854775807,-9007199254740993\]/);
  });

  const refused: [string, string, unknown, number, string][] = [
    ["an unknown model", "nope", add([1, 2], [3, 4]), 404, "There is no model `nope`."],
    [
      "an unknown version",
      "add/versions/2",
      add([1, 2], [3, 4]),
      404,
      "Model `add` has no version `2`; it has 1, 3, 10.",
    ],
    [
      "an unknown input",
      "add",
      { inputs: [...add([1, 2], [3, 4]).inputs, { name: "c", datatype: "FP32", shape: [1], data: [1] }] },
      400,
      "Model `add` has no input `c`; it takes `a`, `b`.",
    ],
    [
      "an input given twice",
      "add",
      { inputs: [...add([1, 2], [3, 4]).inputs, add([1, 2], [3, 4]).inputs[0]] },
      400,
      "Input `a` is given more than once.",
    ],
    [
      "a missing input",
      "add",
      { inputs: add([1, 2], [3, 4]).inputs.slice(0, 1) },
      400,
      "Input `b` (FP32 [-1, 2]) of model `add` is missing.",
    ],
    [
      "another datatype",
      "identity-float32",
      { inputs: [{ name: "x", datatype: "INT64", shape: [1], data: [1] }] },
      400,
      "Input `x` is INT64, but model `identity-float32` takes FP32.",
    ],
    [
      "another shape",
      "add",
      { inputs: [{ name: "a", datatype: "FP32", shape: [2], data: [1, 2] }] },
      400,
      "Input `a` has the shape [2], but model `add` takes [-1, 2].",
    ],
    [
      "a zero dimension",
      "add",
      { inputs: [{ name: "a", datatype: "FP32", shape: [0, 2], data: [] }] },
      400,
      "Input `a` has the shape [0, 2], but every dimension must be a whole number >= 1.",
    ],
    [
      "an unknown output",
      "add",
      add([1, 2], [3, 4], { outputs: [{ name: "z" }] }),
      400,
      "Model `add` has no output `z`; it gives `sum`, `copy`.",
    ],
    [
      "shapes that do not suit each other",
      "add",
      add([1, 2, 3, 4], [1, 2, 3, 4, 5, 6]),
      400,
      "Model `add` cannot run on these inputs: `a` [2, 2], `b` [3, 2]; their shapes or values do not fit it.",
    ],
  ];
  for (const [what, path, body, status, sentence] of refused) {
    it(`answers ${status} to ${what}`, async () => {
      const answer = await server.call("POST", `/v2/models/${path}/infer`, body);
      assert.deepEqual([answer.status, answer.body], [status, { error: sentence }]);
    });
  }

  it("answers 404 to other paths", async () => {
    for (const path of [
      "/",
      "/v1/models",
      "/v2/models",
      "/v2/models//infer",
      "/v2/models/add/versions//infer",
      "/v2/models/add/infer/x",
    ]) {
      const { status, body } = await server.call("GET", path);
      assert.deepEqual([status, body], [404, { error: `There is nothing at ${path}.` }]);
    }
  });

  it("answers 400 to a broken escape in the path", async () => {
    assert.equal((await server.call("GET", "/v2/models/%zz")).status, 400);
  });

  it("answers 405 with the method that is allowed", async () => {
    const { status, headers, body } = await server.call("GET", "/v2/models/add/infer");
    assert.deepEqual([status, headers.get("allow")], [405, "POST"]);
    assert.deepEqual(body, { error: "/v2/models/add/infer takes POST, not GET." });
  });

  it("answers HEAD where it answers GET", async () => {
    const response = await fetch(server.url("/v2/health/live"), { method: "HEAD" });
    assert.equal(response.status, 200);
  });

  it("answers 413 to a declared and to a streamed body that is too large", async () => {
    const sentence = "The body is larger than the 4096 bytes that `--max-body-bytes` allows.";
    const declared = await server.call("POST", "/v2/models/add/infer", "x".repeat(5000));
    assert.deepEqual([declared.status, declared.body], [413, { error: sentence }]);
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 5; i++) controller.enqueue(Buffer.alloc(1000, 32));
        controller.close();
      },
    });
    const streamed = await fetch(server.url("/v2/models/add/infer"), {
      method: "POST",
      body: stream,
      duplex: "half",
    } as RequestInit);
    assert.deepEqual([streamed.status, await streamed.json()], [413, { error: sentence }]);
  });

  it("answers 415 to an encoding that it does not know, saying which it takes", async () => {
    const { status, headers } = await server.call("POST", "/v2/models/add/infer", "x", {
      "content-encoding": "br",
    });
    assert.deepEqual([status, headers.get("accept-encoding")], [415, "gzip, deflate"]);
  });

  it("echoes a request id and makes one where there is none", async () => {
    const given = await server.call("GET", "/v2", undefined, { "x-request-id": "abc" });
    assert.equal(given.headers.get("x-request-id"), "abc");
    assert.match((await server.call("GET", "/v2")).headers.get("x-request-id") ?? "", /^[0-9a-f]{16}-/);
  });

  it("answers what is not HTTP with a sentence", async () => {
    const socket = connect(server.server.ports().http, "127.0.0.1");
    socket.end("nonsense\r\n\r\n");
    const [data] = (await once(socket, "data")) as [Buffer];
    assert.match(
      data.toString(),
      /^HTTP\/1.1 400 Bad Request\r\n.*\{"error":"The request is not valid HTTP."\}$/s,
    );
  });

  it("keeps answering when a client leaves amid its body", async () => {
    const socket = connect(server.server.ports().http, "127.0.0.1");
    socket.write("POST /v2/models/add/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    assert.equal((await server.call("GET", "/v2/health/live")).status, 200);
  });

  it("counts requests, durations and refusals per model and version", async () => {
    await server.infer("add", add([1, 2], [3, 4]));
    const text = await server.metrics();
    assert.match(text, /slipway_inference_requests_total\{model="add",version="10",code="OK"\} \d+/);
    assert.match(
      text,
      /slipway_inference_requests_total\{model="add",version="10",code="InvalidArgument"\} \d+/,
    );
    assert.match(text, /slipway_inference_requests_total\{model="",version="",code="ModelNotFound"\} \d+/);
    assert.match(
      text,
      /slipway_inference_request_duration_seconds_bucket\{le="\+Inf",model="add",version="10"\} \d+/,
    );
    assert.match(text, /slipway_inference_inflight_requests\{model="add",version="10"\} 0/);
    assert.match(text, /slipway_model_ready\{model="add",version="1"\} 1/);
    assert.match(text, /slipway_server_ready 1/);
  });
});
