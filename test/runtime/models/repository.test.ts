import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { scanModel, scanRepository } from "../../../runtime/models/repository";
import { addModel, identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("scanRepository", () => {
  it("lists models and versions in order, and leaves alone what is none", async () => {
    const root = modelFolder({
      "b/10/model.onnx": "",
      "b/9/model.onnx": "",
      "b/notes/readme": "",
      "b/01/model.onnx": "",
      "a/1/model.onnx": "",
      "..data/x/1": "",
      "lost+found/x": "",
      "odd name/1/model.onnx": "",
      "file.txt": "",
    });
    const ignored: string[] = [];
    const models = await scanRepository(root, (name) => ignored.push(name));
    assert.deepEqual(
      models.map(({ name, versions }) => [name, versions]),
      [
        ["a", ["1"]],
        ["b", ["9", "10"]],
      ],
    );
    assert.deepEqual(ignored, ["odd name"]);
  });
});

describe("scanModel", () => {
  const root = modelFolder({
    "repository/a/2/model.onnx": "",
    "repository/a/1/model.onnx": "",
    "secret/1/model.onnx": "",
  });
  const repository = `${root}/repository`;

  it("finds one model with its versions", async () =>
    assert.deepEqual(await scanModel(repository, "a"), {
      name: "a",
      dir: `${repository}/a`,
      versions: ["1", "2"],
    }));

  for (const name of ["b", "../secret", "..", ".", "", "/etc", "a/1", "a\0"]) {
    it(`finds nothing for ${JSON.stringify(name)}`, async () =>
      assert.equal(await scanModel(repository, name), undefined));
  }
});

describe("a repository with faults", () => {
  const good = identityModel("float32", ["n"]);
  const sha256 = createHash("sha256").update(good).digest("hex");
  const pinned = (digest: string) => JSON.stringify({ sha256: { "1": digest } });
  const files = {
    "good/1/model.onnx": good,
    "good/model.json": pinned(sha256),
    "good/2/model.onnx": "not a model",
    "altered/1/model.onnx": good,
    "altered/model.json": pinned("f".repeat(64)),
    "empty/1/model.onnx": "",
    "absent/1/readme": "",
    "versionless/readme": "",
    "misconfigured/1/model.onnx": good,
    "misconfigured/model.json": "{",
    "brain/1/model.onnx": identityModel("bfloat16", ["n"]),
    "unbatchable/1/model.onnx": identityModel("float32", [1, 2]),
    "unbatchable/model.json": JSON.stringify({ batching: { maxBatchSize: 4 } }),
  };
  let server: RunningServer;

  before(async () => {
    server = await RunningServer.start(modelFolder(files));
  });
  after(() => server.close());

  it("says for each model what is wrong with it", async () => {
    const { body } = await server.call("POST", "/v2/repository/index");
    const reasons = Object.fromEntries(
      body.map((entry: { name: string; version: string; reason: string }) => [
        `${entry.name}/${entry.version}`,
        entry.reason,
      ]),
    );
    assert.deepEqual(reasons, {
      "absent/1": "`model.onnx` cannot be read (ENOENT).",
      "altered/1": `\`model.onnx\` has the SHA-256 ${sha256}, but \`model.json\` pins ${"f".repeat(64)}; fetch the model again or correct the digest.`,
      "brain/1":
        "The input `x` of `model.onnx` is of type bfloat16, but the server takes BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES; cast it inside the model.",
      "empty/1": "`model.onnx` is empty.",
      "good/1": "",
      "good/2": "`model.onnx` is not an ONNX model.",
      "misconfigured/1": "`model.json` is not valid JSON.",
      "unbatchable/1":
        "`batching` in `model.json` needs a free first dimension in every tensor, but `x` has the shape [1, 2].",
      "versionless/": "The model's folder holds no version: `model.onnx` must lie in a folder such as `1`.",
    });
  });

  it("is not ready, but serves what it can", async () => {
    const ready = await server.call("GET", "/v2/health/ready");
    assert.deepEqual([ready.status, ready.body], [503, { ready: false }]);
    const { status, body } = await server.infer("good", {
      inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [7] }],
    });
    assert.deepEqual([status, body.model_version], [200, "1"]);
  });

  it("answers 503 with Retry-After for a model that cannot serve", async () => {
    const { status, headers, body } = await server.infer("empty", {});
    assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
    assert.deepEqual(body, { error: "Model `empty` version 1 is not ready: `model.onnx` is empty." });
    assert.equal((await server.call("GET", "/v2/models/empty/ready")).status, 503);
  });

  it("is ready without --strict-readiness", async () => {
    const lenient = await RunningServer.start(server.server.options.modelRepository, {
      strictReadiness: false,
    });
    assert.equal((await lenient.call("GET", "/v2/health/ready")).status, 200);
    await lenient.close();
  });
});

describe("a batching model", () => {
  let server: RunningServer;
  before(async () => {
    const files = {
      "add/1/model.onnx": addModel("float32", ["n", 2]),
      "add/model.json": JSON.stringify({ batching: { maxBatchSize: 8, maxQueueDelayMs: 20 } }),
      "wide/1/model.onnx": addModel("float32", ["n", "m"]),
      "wide/model.json": JSON.stringify({ batching: { maxBatchSize: 16, maxQueueDelayMs: 20 } }),
    };
    server = await RunningServer.start(modelFolder(files));
  });
  after(() => server.close());

  const body = (rows: number, width: number, value: number) => ({
    inputs: ["a", "b"].map((name) => ({
      name,
      datatype: "FP32",
      shape: [rows, width],
      data: Array.from({ length: rows * width }, (_, i) => value + i),
    })),
    outputs: [{ name: value % 2 === 0 ? "sum" : "copy" }],
  });

  for (const [model, widths] of [
    ["add", [2]],
    ["wide", [1, 2, 3]],
  ] as const) {
    it(`gives each of many callers of ${model} exactly its rows and outputs`, async () => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const request = body(1 + (i % 3), widths[i % widths.length]!, i * 100);
          return { request, answer: await server.infer(model, request) };
        }),
      );
      for (const { request, answer } of answers) {
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        const { data, shape } = request.inputs[0]!;
        const name = request.outputs[0]!.name;
        const expected = name === "sum" ? data.map((value) => value * 2) : data;
        assert.deepEqual(answer.body.outputs, [{ name, datatype: "FP32", shape, data: expected }]);
      }
    });
  }

  it("ran more than one row at a time", async () => {
    const text = await server.metrics();
    const value = (suffix: string) =>
      Number(
        new RegExp(`slipway_inference_batch_size_${suffix}\\{model="add",version="1"\\} (\\d+)`).exec(
          text,
        )?.[1],
      );
    assert.ok(value("sum") > value("count"), `${value("sum")} rows in ${value("count")} runs`);
  });

  it("fails only the request whose shapes do not suit it", async () => {
    const bad = body(1, 2, 0);
    bad.inputs[1] = { ...bad.inputs[1]!, shape: [1, 3], data: [1, 2, 3] };
    const answers = await Promise.all(
      [body(1, 2, 2), bad, body(1, 2, 4)].map((request) => server.infer("wide", request)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 400, 200],
    );
  });
});
