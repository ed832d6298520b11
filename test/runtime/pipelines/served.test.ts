import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onnxModel, type NodeDeclaration } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

/** A model of `x` [rows, 3] that gives `y`. */
function model(nodes: NodeDeclaration[], columns: number, weights: Record<string, number[]> = {}): Buffer {
  return onnxModel(
    nodes,
    [{ name: "x", type: "float32", shape: ["rows", 3] }],
    [{ name: "y", type: "float32", shape: ["rows", columns] }],
    Object.entries(weights).map(([name, values]) => ({
      name,
      shape: values.length > 3 ? [3, values.length / 3] : [values.length],
      data: Float32Array.from(values),
    })),
  );
}

const scaled = (factor: number) =>
  model([{ op: "Mul", inputs: ["x", "factor"], outputs: ["y"] }], 3, { factor: [factor] });
const config = (pipeline: object) => JSON.stringify({ pipeline });
const wide = (name: string) => ({ name, datatype: "FP32", shape: [-1, 3] });
const run = (name: string, input: string, output: string, when?: object) => ({
  model: name,
  inputs: { x: input },
  outputs: { y: output },
  ...(when && { when }),
});

/** The examples of the documentation, with version folders. */
function documented(): Record<string, string> {
  const page = readFileSync(join(__dirname, "../../../docs/pipelines.md"), "utf8");
  const blocks = page.matchAll(/^```json title="(\w+)\/model\.json"\n(.*?)^```$/gms);
  return Object.fromEntries(
    [...blocks].flatMap(([, name, text]) => [
      [`${name}/model.json`, text!],
      [`${name}/1/ignored`, ""],
    ]),
  );
}

const files = {
  "normalise/1/model.onnx": model(
    [
      { op: "Sub", inputs: ["x", "mean"], outputs: ["centred"] },
      { op: "Div", inputs: ["centred", "deviation"], outputs: ["y"] },
    ],
    3,
    { mean: [1, 2, 3], deviation: [2, 2, 2] },
  ),
  "linear/1/model.onnx": model([{ op: "MatMul", inputs: ["x", "weights"], outputs: ["y"] }], 2, {
    weights: [1, 0, 0, 1, 1, 1],
  }),
  "double/1/model.onnx": scaled(2),
  "triple/1/model.onnx": scaled(3),
  ...documented(),
  "nested/1/ignored": "",
  "nested/model.json": config({
    inputs: [wide("x")],
    outputs: [{ name: "scores", datatype: "FP32", shape: [-1, 2] }],
    steps: [
      { model: "route", inputs: { x: "x" }, outputs: { y: "routed" } },
      { model: "classify", inputs: { pixels: "routed" }, outputs: { scores: "scores" } },
    ],
  }),
  "misfit/1/ignored": "",
  "misfit/model.json": config({
    inputs: [wide("x")],
    outputs: [wide("y")],
    steps: [run("linear", "x", "two"), run("double", "two", "y")],
  }),
};

describe("pipelines on a server", () => {
  let server: RunningServer;
  const infer = async (name: string, input: string, rows: number[][], rest: object = {}) => {
    const { status, body } = await server.infer(name, {
      inputs: [{ name: input, datatype: "FP32", shape: [rows.length, 3], data: rows }],
      ...rest,
    });
    assert.equal(status, 200, body.error);
    return Object.fromEntries(
      body.outputs.map(({ name: output, data }: { name: string; data: number[] }) => [output, data]),
    );
  };

  before(async () => {
    server = await RunningServer.start(modelFolder(files));
  });
  after(() => server.close());

  it("run a sequence of models", async () => {
    assert.deepEqual(await infer("classify", "pixels", [[3, 4, 7]]), { scores: [3, 3] });
  });

  it("run an ensemble and combine what it gave", async () => {
    assert.deepEqual(await infer("ensemble", "x", [[1, -1, 0]]), {
      mean: [2.25, -2.25, 0],
      most: [3, -1, 0],
    });
  });

  it("choose by a parameter of the request", async () => {
    assert.deepEqual(await infer("route", "x", [[1, 2, 3]], { parameters: { quality: "draft" } }), {
      y: [2, 4, 6],
    });
    assert.deepEqual(await infer("route", "x", [[1, 2, 3]]), { y: [3, 6, 9] });
  });

  it("run within pipelines, with the request's parameters", async () => {
    const parameters = { quality: "draft" };
    assert.deepEqual(await infer("nested", "x", [[1.5, 2, 3.5]], { parameters }), { scores: [3, 3] });
  });

  it("give each of many requests at a time its own rows", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        infer(
          "ensemble",
          "x",
          Array.from({ length: 1 + (i % 3) }, () => [i, i, -i]),
        ),
      ),
    );
    answers.forEach(({ mean, most }, i) => {
      const rows = Array.from({ length: 1 + (i % 3) });
      assert.deepEqual(
        mean,
        rows.flatMap(() => [2.25 * i, 2.25 * i, -2.25 * i || 0]).map((value) => value || 0),
      );
      assert.deepEqual(
        most,
        rows.flatMap(() => [3 * i, 3 * i, -i || 0]),
      );
    });
  });

  it("name the step whose model refuses", async () => {
    const { status, body } = await server.infer("classify", {
      inputs: [{ name: "pixels", datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }],
    });
    assert.deepEqual(
      [status, body.error],
      [400, "Input `pixels` has the shape [1, 4], but model `classify` takes [-1, 3]."],
    );
  });

  it("say in the index why one cannot be served", async () => {
    const { body } = await server.call("POST", "/v2/repository/index");
    const entry = body.find(({ name }: { name: string }) => name === "misfit");
    assert.deepEqual(
      [entry.state, entry.reason],
      [
        "UNAVAILABLE",
        "`pipeline.steps[1].inputs.x` is the tensor `two` (FP32 [-1, 2]), but model `double` takes FP32 [-1, 3].",
      ],
    );
  });

  it("have metadata of their own", async () => {
    const { body } = await server.call("GET", "/v2/models/classify");
    assert.deepEqual(body, {
      name: "classify",
      versions: ["1"],
      platform: "ensemble",
      inputs: [{ name: "pixels", datatype: "FP32", shape: [-1, 3] }],
      outputs: [{ name: "scores", datatype: "FP32", shape: [-1, 2] }],
    });
  });
});

describe("a pipeline whose models are loaded and unloaded", () => {
  it("answers with the version that serves, and is ready only while all of them are", async () => {
    const folder = modelFolder({
      "double/1/model.onnx": scaled(2),
      "double/2/model.onnx": scaled(20),
      "double/model.json": JSON.stringify({ versionPolicy: { specific: [1] } }),
      "pipe/1/ignored": "",
      "pipe/model.json": config({
        inputs: [wide("x")],
        outputs: [wide("y")],
        steps: [run("double", "x", "y")],
      }),
    });
    const server = await RunningServer.start(folder, { modelControl: "explicit", loadModel: ["pipe"] });
    const control = async (action: string, body?: object) => {
      const { status } = await server.call("POST", `/v2/repository/models/double/${action}`, body ?? {});
      assert.equal(status, 200);
    };
    const ask = async () => {
      const data = [1, 0, 0];
      const answer = await server.infer("pipe", {
        inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data }],
      });
      return answer.status === 200 ? answer.body.outputs[0].data[0] : [answer.status, answer.body.error];
    };
    const ready = async () => (await server.call("GET", "/v2/models/pipe/ready")).status;
    try {
      assert.deepEqual([await ask(), await ready()], [2, 200]);
      writeFileSync(join(folder, "double/model.json"), JSON.stringify({ versionPolicy: { specific: [2] } }));
      await control("load");
      assert.deepEqual([await ask(), await ready()], [20, 200]);
      await control("unload");
      assert.deepEqual(await ask(), [
        503,
        "Model `pipe` version 1 is not ready: Its step 1 (`double`) is not ready: Model `double` version 2 is not ready: It was unloaded.",
      ]);
      assert.equal(await ready(), 503);
      await control("load");
      assert.deepEqual([await ask(), await ready()], [20, 200]);
    } finally {
      await server.close();
    }
  });
});
