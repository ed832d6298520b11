import assert from "node:assert/strict";
import { mock } from "node:test";
import { inlineTimes } from "../../../runtime/models/inline-candidate";
import { InlineLane } from "../../../runtime/models/inline-lane";
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

const inline = (rowMs = 0.03, moreMs = 0.01): Partial<Loaded> => ({
  inline: { bytes: DOUBLE, rowMs, moreMs },
});
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

  it("lets requests that come together share a run without a worker", async () => {
    setup = await load({ batching: {} }, {}, inline());
    const all = [1, 2, 3].map((value) => request(value));
    const answers = await Promise.all(all.map((one) => setup.model.infer(one)));
    assert.deepEqual(answers.map(values), [
      [[2], [1]],
      [[4], [2]],
      [[6], [3]],
    ]);
    assert.equal(setup.workers[0]!.runs.length, 0);
    assert.deepEqual(
      setup.metrics.costs.map(({ rows, requests }) => [rows, requests]),
      [[3, 3]],
    );
    assert.deepEqual(
      all.map(({ inputs }) => values(inputs)),
      [[[1]], [[2]], [[3]]],
    );
  });

  it("keeps answers whole when the memory of large runs is used again", async () => {
    setup = await load({ batching: { maxBatchSize: 20_000 } }, {}, inline(0.03, 0));
    const ROWS = 5000;
    const round = (value: number) =>
      Promise.all([value, value + 1].map((one) => setup.model.infer(request(Array<number>(ROWS).fill(one)))));
    const answers = [...(await round(1)), ...(await round(3)), ...(await round(5))];
    answers.forEach((tensors, i) => {
      const [double, copy] = values(tensors);
      assert.equal(double!.length, ROWS);
      assert.ok(double!.every((value) => value === 2 * (i + 1)) && copy!.every((value) => value === i + 1));
    });
    assert.deepEqual(
      setup.metrics.costs.map(({ rows }) => rows),
      [1, 2, 3].map(() => 2 * ROWS),
    );
    assert.equal(setup.workers[0]!.runs.length, 0);
  });

  it("leaves more than the main thread has time for to the workers, where they share a run", async () => {
    setup = await load({ batching: {} }, {}, inline(0.03, 0.3));
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
    setup = await load({ batching: {} }, {}, inline(0.06, 0.6));
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

describe("what the inline lane takes", () => {
  let lane: InlineLane;
  afterEach(() => lane.close());
  const open = async (processors: number, rowMs: number, moreMs: number) =>
    (lane = await InlineLane.open({ bytes: DOUBLE, rowMs, moreMs }, "model.onnx", undefined, processors));

  it("is up to sixteen requests, within 0.1 ms, where a worker has a processor of its own", async () => {
    await open(2, 0.05, 0.01);
    assert.deepEqual(
      [1, 6, 7, 8].map((count) => lane.takes(count, count)),
      [true, true, false, false],
    );
    await lane.close();
    await open(4, 0.03, 0.001);
    assert.deepEqual(
      [16, 17, 32].map((count) => lane.takes(count, count)),
      [true, false, false],
    );
    assert.equal(lane.takes(2, 71), true);
    assert.equal(lane.takes(2, 72), false);
  });

  it("is however many requests, within 0.5 ms, where there is one processor", async () => {
    await open(1, 0.05, 0.01);
    assert.deepEqual(
      [1, 32, 46, 47].map((count) => lane.takes(count, count)),
      [true, true, true, false],
    );
  });
});

describe("inlineTimes", () => {
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
    assert.ok((await inlineTimes(graph("Add"), model))!.rowMs < 0.1);
    assert.deepEqual(tried[0]!.dims, [[1, 4], []]);
    assert.deepEqual(tried[0]!.data[1], BigInt64Array.of(1n));
  });

  describe("by the clock", () => {
    let now = 0;
    beforeEach(() => mock.method(performance, "now", () => now));
    afterEach(() => mock.restoreAll());

    /** A model that takes so long for the first row, and for each further one. */
    const lasting = (rowMs: number, moreMs: number) =>
      fake([x], (tensors) => {
        now += rowMs + (tensors.dims[0]![0]! - 1) * moreMs;
        return Promise.resolve(tensors);
      }).model;

    it("tells what each further row of a run takes", async () => {
      const { rowMs, moreMs } = (await inlineTimes(graph("Add"), lasting(0.05, 0.02)))!;
      assert.ok(Math.abs(rowMs - 0.05) < 1e-9 && Math.abs(moreMs - 0.02) < 1e-9, `${rowMs} ${moreMs}`);
    });

    it("leaves a slow model to the workers", async () => {
      assert.notEqual(await inlineTimes(graph("Add"), lasting(0.099, 1)), undefined);
      assert.equal(await inlineTimes(graph("Add"), lasting(0.101, 0)), undefined);
    });
  });

  it("takes each row for as long as the first where the model takes no batch", async () => {
    const refusing = fake([x], (tensors) =>
      tensors.dims[0]![0] === 1 ? Promise.resolve(tensors) : Promise.reject(new Error("one row at a time")),
    );
    const { rowMs, moreMs } = (await inlineTimes(graph("Add"), refusing.model))!;
    assert.ok(Math.abs(moreMs / rowMs - 1) < 1e-9, `${rowMs} ${moreMs}`);
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
      assert.equal(await inlineTimes(bytes, model), undefined);
      assert.equal(tried.length, 0);
    });
  }

  it("leaves a model that refuses made-up values to the workers", async () => {
    const refusing = () => Promise.reject(new Error("indices out of range"));
    assert.equal(await inlineTimes(graph("Gather"), fake([x], refusing).model), undefined);
  });
});
