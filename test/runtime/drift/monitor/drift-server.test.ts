import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOfKey } from "../../../../runtime/auth/api-keys";
import { onnxModel } from "../../../support/onnx-model";
import { grpcClient, type GrpcClient } from "../../support/grpc-client";
import { modelFolder } from "../../support/model-folder";
import { RunningServer } from "../../support/running-server";
import { baselineOf, FakeClock, floats, normalRows } from "./support";

/** y = 2x, rows of two numbers. */
const DOUBLE = onnxModel(
  [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
  [{ name: "x", type: "float32", shape: ["n", 2] }],
  [{ name: "y", type: "float32", shape: ["n", 2] }],
);
const SPEC = {
  inputs: [{ name: "x", datatype: "FP32" as const, shape: [-1, 2] }],
  outputs: [{ name: "y", datatype: "FP32" as const, shape: [-1, 2] }],
};
const TRAINING = normalRows(3000, 1);
const BASELINE = JSON.stringify(
  baselineOf(
    SPEC,
    [floats("x", [3000, 2], TRAINING)],
    [
      floats(
        "y",
        [3000, 2],
        TRAINING.map((x) => 2 * x),
      ),
    ],
  ),
);
const PIPELINE = {
  inputs: [{ name: "in", datatype: "FP32", shape: [-1, 2] }],
  outputs: [{ name: "out", datatype: "FP32", shape: [-1, 2] }],
  steps: [{ model: "double", version: "1", inputs: { x: "in" }, outputs: { y: "out" } }],
};
const PIPELINE_BASELINE = JSON.stringify(
  baselineOf({ ...SPEC, inputs: [{ ...SPEC.inputs[0]!, name: "in" }] }, [floats("in", [3000, 2], TRAINING)]),
);

const KEYS = { infer: "key-infer", admin: "key-admin", metrics: "key-metrics" } as const;

describe("a server that follows drift", () => {
  const clock = new FakeClock();
  let dir: string;
  let server: RunningServer;
  let grpc: GrpcClient;

  before(async () => {
    dir = modelFolder({
      "double/1/model.onnx": DOUBLE,
      "double/1/baseline.json": BASELINE,
      "double/model.json": JSON.stringify({
        drift: { windowSeconds: 8, minSamples: 100, outliers: { perRequest: true } },
        warmup: { count: 50 },
      }),
      "plain/1/model.onnx": DOUBLE,
      "chain/1/baseline.json": PIPELINE_BASELINE,
      "chain/model.json": JSON.stringify({
        pipeline: PIPELINE,
        drift: { windowSeconds: 8, minSamples: 100 },
      }),
      keys: Object.entries(KEYS)
        .map(([scope, key]) => `${scope} sha256:${hashOfKey(key)} ${scope}`)
        .join("\n"),
    });
    server = await RunningServer.start(
      dir,
      { modelControl: "explicit", loadModel: ["*"], apiKeysFile: join(dir, "keys") },
      { driftClock: clock },
    );
    grpc = grpcClient(server.grpcAddress);
  });
  after(async () => {
    grpc.close();
    await server.close();
    rmSync(dir, { recursive: true });
  });

  const ask = (model: string, rows: number, data: ArrayLike<number>, name = "x") =>
    server.call(
      "POST",
      `/v2/models/${model}/infer`,
      { inputs: [{ name, datatype: "FP32", shape: [rows, 2], data: Array.from(data) }] },
      { "x-api-key": KEYS.infer },
    );
  const drift = (model: string, key: string = KEYS.metrics, query = "") =>
    server.call("GET", `/v2/models/${model}/drift${query}`, undefined, { "x-api-key": key });
  const control = (model: string, what: "load" | "unload") =>
    server.call("POST", `/v2/repository/models/${model}/${what}`, {}, { "x-api-key": KEYS.admin });
  const lines = async (start: string) =>
    (await server.metrics()).split("\n").filter((line) => line.startsWith(start));
  const states = async (model: string) =>
    Object.fromEntries(
      (await lines(`slipway_drift_features{model="${model}"`)).map((line) => [
        /state="(\w+)"/.exec(line)![1],
        Number(line.split(" ")[1]),
      ]),
    );

  async function half(model: string, shift: number, name = "x"): Promise<void> {
    for (let second = 0; second < 4; second++) {
      const { status } = await ask(model, 40, normalRows(40, second + 1, shift), name);
      assert.equal(status, 200);
      clock.pass(1);
    }
  }

  it("sees shifted requests in /metrics, and that they are over", async () => {
    assert.deepEqual(
      await lines('slipway_drift_rows_total{model="double"'),
      ['slipway_drift_rows_total{model="double",version="1"} 0'],
      "what warms a model up is nobody's request",
    );
    for (let i = 0; i < 3; i++) await half("double", 0);
    assert.deepEqual(await states("double"), { drifted: 0, stable: 4, insufficient: 0 });
    for (let i = 0; i < 3; i++) await half("double", 1.5);
    assert.deepEqual(await states("double"), { drifted: 4, stable: 0, insufficient: 0 });
    const [psi] = await lines(
      'slipway_drift_score{model="double",version="1",feature="output:y[1]",measure="psi"}',
    );
    assert.ok(Number(psi!.split(" ")[1]) > 1, psi);
    for (let i = 0; i < 3; i++) await half("double", 0);
    assert.deepEqual(await states("double"), { drifted: 0, stable: 4, insufficient: 0 });
  });

  it("gives summaries and scores to who may read metrics", async () => {
    const { status, body } = await drift("double/versions/1");
    assert.equal(status, 200);
    assert.equal(body.model_name, "double");
    assert.equal(body.window.features["input:x[0]"].state, "stable");
    const { counts } = body.window.features["input:x[0]"].summary;
    assert.equal(
      counts.reduce((sum: number, count: number) => sum + count, 0),
      body.window.rows,
    );
    assert.equal(body.baseline, undefined);
    const whole = await drift("double/versions/1", KEYS.metrics, "?baseline=true");
    assert.deepEqual(whole.body.baseline, JSON.parse(BASELINE));
    assert.equal((await drift("double", KEYS.infer)).status, 403);
    assert.equal((await drift("nothing")).status, 404);
    const unfollowed = await drift("plain");
    assert.equal(unfollowed.status, 404);
    assert.equal(
      unfollowed.body.error,
      "Drift of model `plain` version 1 is not followed: it has no `baseline.json`, or `drift` in its `model.json` is false.",
    );
  });

  it("follows a pipeline, and the models that it runs", async () => {
    const before = Number((await lines('slipway_drift_rows_total{model="double"'))[0]!.split(" ")[1]);
    for (let i = 0; i < 3; i++) await half("chain", 2, "in");
    assert.deepEqual(await states("chain"), { drifted: 2, stable: 0, insufficient: 0 });
    assert.deepEqual(await states("double"), { drifted: 4, stable: 0, insufficient: 0 });
    assert.equal(
      Number((await lines('slipway_drift_rows_total{model="double"'))[0]!.split(" ")[1]),
      before + 480,
    );
  });

  it("marks outliers in answers over REST and gRPC, and counts them", async () => {
    const outliers = async () => Number((await lines("slipway_drift_outliers_total{"))[0]!.split(" ")[1]);
    const before = await outliers();
    const fine = await ask("double", 1, [0, 0]);
    assert.equal(fine.body.parameters, undefined);
    const far = await ask("double", 2, [0, 0, 1e6, 0]);
    assert.deepEqual(far.body.parameters, { outlier: true });
    assert.deepEqual(far.body.outputs[0].data, [0, 0, 2e6, 0]);
    const message = (value: number) => ({
      model_name: "double",
      parameters: { mine: { int64_param: 1 } },
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], contents: { fp32_contents: [value, 0] } }],
    });
    const key = { "x-api-key": KEYS.infer };
    const { parameters } = await grpc.call("ModelInfer", message(1e6), undefined, key);
    assert.deepEqual(Object.keys(parameters).sort(), ["mine", "outlier"]);
    assert.equal(parameters.outlier.bool_param, true);
    assert.deepEqual(Object.keys((await grpc.call("ModelInfer", message(0), undefined, key)).parameters), [
      "mine",
    ]);
    assert.equal((await outliers()) - before, 2);
  });

  it("goes on serving, and following, what it has where a new baseline is not of the model", async () => {
    const file = join(dir, "double/1/baseline.json");
    writeFileSync(file, PIPELINE_BASELINE);
    const { status, body } = await control("double", "load");
    assert.equal(status, 400);
    const sentence =
      "`baseline.json` has the feature `input:in[0]`, but the model has `input:x[0]`, `input:x[1]`, `output:y[0]`, `output:y[1]`; make it again with `slipway baseline`.";
    assert.equal(body.error, `Model \`double\` could not be loaded: version 1: ${sentence}`);
    const { state, reason } = server.server.models().find(({ name }) => name === "double")!;
    assert.deepEqual(
      [state, reason],
      ["READY", `${sentence} The version that was loaded before goes on serving.`],
    );
    assert.equal((await ask("double", 1, [0, 0])).status, 200);
    assert.equal((await drift("double")).status, 200);
    writeFileSync(file, BASELINE);
    assert.equal((await control("double", "load")).status, 200);
    assert.equal((await drift("double")).body.rows, 0);
    assert.equal((await lines('slipway_drift_rows_total{model="double"')).length, 1);
  });

  it("ends the series of a version with it", async () => {
    assert.equal((await lines('slipway_drift_features{model="chain"')).length, 3);
    await control("chain", "unload");
    assert.deepEqual(await lines('slipway_drift_features{model="chain"'), []);
    assert.equal((await lines('slipway_drift_features{model="double"')).length, 3);
  });
});
