import assert from "node:assert/strict";
import { inlineRowMs } from "../../../runtime/models/inline-candidate";
import type { DeclaredTensor, ProbedModel, RunTensors } from "../../../runtime/models/synthetic-rows";
import type { Loaded } from "../../../runtime/models/worker-protocol";
import { onnxModel } from "../../support/onnx-model";
import { load, request, started, type Setup } from "./served-model.support";

/** `double` = x + x and `copy` = x, as the fake worker's model. */
const DOUBLE = onnxModel(
  [
    { op: "Add", inputs: ["x", "x"], outputs: ["double"] },
    { op: "Identity", inputs: ["x"], outputs: ["copy"] },
  ],
  [{ name: "x", type: "float32", shape: ["rows", 1] }],
  ["double", "copy"].map((name) => ({ name, type: "float32" as const, shape: ["rows", 1] })),
);

const inline = (rowMs = 0.03): Partial<Loaded> => ({ inline: { bytes: DOUBLE, rowMs } });
const values = (tensors: readonly { readonly data: unknown }[]) =>
  tensors.map(({ data }) => [...(data as Float32Array)]);

describe("the inline lane", () => {
  let setup: Setup;
  afterEach(() => setup.model.close());

  it("answers a request that comes alone without a worker", async () => {
    setup = await load({}, {}, inline());
    const outputs = await setup.model.infer(request(3));
    assert.deepEqual(values(outputs), [[6], [3]]);
    assert.equal(setup.workers[0]!.runs.length, 0);
    assert.deepEqual(
      setup.metrics.costs.map(({ rows, requests }) => [rows, requests]),
      [[1, 1]],
    );
  });

  it("gives the outputs that were asked for, in that order", async () => {
    setup = await load({}, {}, inline());
    const outputs = await setup.model.infer(request(3, { outputs: ["copy", "double"] }));
    assert.deepEqual(
      outputs.map(({ name }) => name),
      ["copy", "double"],
    );
    assert.deepEqual(values(outputs), [[3], [6]]);
  });

  it("leaves the request's arrays whole", async () => {
    setup = await load({}, {}, inline());
    const lone = request(3);
    await setup.model.infer(lone);
    assert.deepEqual(values(lone.inputs), [[3]]);
  });

  it("lets two requests share a run without a worker", async () => {
    setup = await load({ batching: {} }, {}, inline());
    const both = [1, 2].map((value) => request(value));
    const answers = await Promise.all(both.map((one) => setup.model.infer(one)));
    assert.deepEqual(answers.map(values), [
      [[2], [1]],
      [[4], [2]],
    ]);
    assert.equal(setup.workers[0]!.runs.length, 0);
    assert.deepEqual(
      setup.metrics.costs.map(({ rows, requests }) => [rows, requests]),
      [[2, 2]],
    );
    assert.deepEqual(
      both.map(({ inputs }) => values(inputs)),
      [[[1]], [[2]]],
    );
  });

  it("leaves three and more to the workers, where they share a run", async () => {
    setup = await load({ batching: {} }, {}, inline());
    const [worker] = setup.workers;
    const answers = [1, 2, 3].map((value) => setup.model.infer(request(value)));
    await started(worker!);
    assert.equal(worker!.runs.length, 1);
    worker!.answer();
    assert.deepEqual((await Promise.all(answers)).map(values), [
      [[2], [1]],
      [[4], [2]],
      [[6], [3]],
    ]);
  });

  it("leaves rows that would take too long to the workers", async () => {
    setup = await load({ batching: {} }, {}, inline(0.06));
    const answer = setup.model.infer(request([1, 2]));
    await started(setup.workers[0]!);
    setup.workers[0]!.answer();
    assert.deepEqual(values(await answer), [
      [2, 4],
      [1, 2],
    ]);
  });

  it("tells of a run that onnxruntime refuses as a worker's run would", async () => {
    setup = await load({}, {}, inline());
    await assert.rejects(setup.model.infer(request([1], { width: 2 })), {
      code: "InvalidArgument",
      message: "Model `m` cannot run on these inputs: `x` [1, 2]; their shapes or values do not fit it.",
    });
  });

  it("is not asked for with `inline` off", async () => {
    setup = await load({}, { inline: "off" });
    assert.equal(setup.workers[0]!.init.inline, false);
  });
});

describe("inlineRowMs", () => {
  const x: DeclaredTensor = { name: "x", type: "float32", shape: ["rows", 4] };

  function fake(inputs: DeclaredTensor[], run = (tensors: RunTensors) => Promise.resolve(tensors)) {
    const tried: RunTensors[] = [];
    const model: ProbedModel = {
      inputs,
      outputs: inputs,
      run: (tensors) => {
        tried.push(tensors);
        return run(tensors);
      },
      stopwatch: () => () => 0,
    };
    return { model, tried };
  }

  const graph = (op: string) =>
    onnxModel([{ op, inputs: ["x"], outputs: ["y"] }], [{ name: "x", type: "float32", shape: [1] }], []);

  it("times a row of the model's own sizes", async () => {
    const { model, tried } = fake([x, { name: "n", type: "int64", shape: [] }]);
    assert.ok((await inlineRowMs(graph("Add"), model))! < 0.1);
    assert.deepEqual(tried[0]!.dims, [[1, 4], []]);
    assert.deepEqual(tried[0]!.data[1], BigInt64Array.of(1n));
  });

  const refused: [string, Buffer, DeclaredTensor[]][] = [
    ["loops", graph("Loop"), [x]],
    ["scans", graph("Scan"), [x]],
    ["has free sizes besides the rows", graph("Add"), [{ ...x, shape: ["rows", "length"] }]],
    ["has no input", graph("Add"), []],
    ["is large", Buffer.alloc(5 * 1024 * 1024), [x]],
    ["is no ONNX model", Buffer.from("onnx"), [x]],
  ];
  for (const [what, bytes, inputs] of refused) {
    it(`leaves a model that ${what} to the workers, untried`, async () => {
      const { model, tried } = fake(inputs);
      assert.equal(await inlineRowMs(bytes, model), undefined);
      assert.equal(tried.length, 0);
    });
  }

  it("leaves a slow model to the workers", async () => {
    const slow = (tensors: RunTensors) =>
      new Promise<RunTensors>((resolve) => setTimeout(() => resolve(tensors), 2));
    assert.equal(await inlineRowMs(graph("Add"), fake([x], slow).model), undefined);
  });

  it("leaves a model that refuses made-up values to the workers", async () => {
    const refusing = () => Promise.reject(new Error("indices out of range"));
    assert.equal(await inlineRowMs(graph("Gather"), fake([x], refusing).model), undefined);
  });
});
