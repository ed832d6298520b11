import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { DATATYPES, type TensorData } from "../../../runtime/dataplane/datatypes";
import { smallestEfficientBatch, type Timings } from "../../../runtime/models/batch-calibration";
import { probeBatching } from "../../../runtime/models/batch-safety";
import type { OnnxType } from "../../../runtime/models/signature";
import type { DeclaredTensor, ProbedModel, RunTensors } from "../../../runtime/models/synthetic-rows";
import { addModel, centredModel, identityModel } from "../../support/onnx-model";

const declared = (name: string, shape: (number | string)[], type: OnnxType = "float32"): DeclaredTensor => ({
  name,
  type,
  shape,
});

/** A model that is a function, on a clock that only its runs move. */
function fake(
  inputs: DeclaredTensor[],
  outputs: DeclaredTensor[],
  run: (inputs: RunTensors) => RunTensors,
  msOf: (rows: number) => number = () => 1,
): ProbedModel & { runs: number[] } {
  let time = 0;
  const runs: number[] = [];
  return {
    inputs,
    outputs,
    runs,
    run: (tensors) => {
      const rows = tensors.dims[0]![0]!;
      runs.push(rows);
      time += msOf(rows);
      return Promise.resolve(run(tensors));
    },
    stopwatch: () => {
      const began = time;
      return () => time - began;
    },
  };
}

const same = (tensors: RunTensors) => tensors;

async function onRuntime(bytes: Buffer): Promise<ProbedModel> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const tensors = (metadata: readonly InferenceSession.ValueMetadata[]) =>
    metadata.map((value) => {
      assert.ok(value.isTensor);
      return { name: value.name, type: value.type as OnnxType, shape: value.shape };
    });
  const inputs = tensors(session.inputMetadata);
  return {
    inputs,
    outputs: tensors(session.outputMetadata),
    run: async ({ dims, data }) => {
      const feeds = inputs.map(({ name, type }, i) => [
        name,
        new Tensor(type as "float32", data[i] as Float32Array, dims[i]!),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
      const ordered = session.outputNames.map((name) => outputs[name] as Tensor);
      return {
        dims: ordered.map((tensor) => tensor.dims),
        data: ordered.map((tensor) => tensor.data as TensorData),
      };
    },
    stopwatch: () => () => 0,
  };
}

describe("probeBatching", () => {
  const x = declared("x", ["N", 3]);
  const y = declared("y", ["N", 3]);

  it("finds rows independent that give alone what they give together", async () => {
    assert.deepEqual(await probeBatching(fake([x], [y], same), 32), { safe: true, efficientRows: 32 });
  });

  const refusals: [string, ProbedModel, string][] = [
    ["no input", fake([], [y], same), "it has no input"],
    ["a scalar input", fake([x, declared("rate", [])], [y], same), "`rate` is a single value"],
    [
      "a fixed first dimension",
      fake([declared("x", [1, 3])], [y], same),
      "the first dimension of `x` is always 1",
    ],
    ["a fixed output", fake([x], [declared("y", [1])], same), "the first dimension of `y` is always 1"],
    [
      "first dimensions of different names",
      fake([x, declared("z", ["M"])], [y], same),
      "the first dimensions of `x` and `z` have different names (N, M)",
    ],
    [
      "an output along another dimension",
      fake([declared("x", ["N", "T"])], [declared("y", ["T"])], same),
      "the first dimension of `y` (T) is another one of the inputs",
    ],
    [
      "rows that are scaled by the largest of all",
      fake([x], [y], ({ dims, data }) => {
        const values = data[0] as Float32Array;
        const scale = Math.max(...values.map(Math.abs)) / 127;
        return { dims, data: [values.map((value) => Math.round(value / scale) * scale)] };
      }),
      "`y` differs where rows run together",
    ],
    [
      "rows that change places",
      fake([x], [y], ({ dims, data }) => ({ dims, data: [(data[0] as Float32Array).slice().reverse()] })),
      "`y` differs where rows run together",
    ],
    [
      "fewer rows out than in",
      fake([x], [y], () => ({ dims: [[1, 3]], data: [new Float32Array(3)] })),
      "`y` has 1 rows where the inputs have 4",
    ],
    [
      "a shape that depends on the batch",
      fake([x], [declared("y", ["N", "K"])], ({ dims, data }) => {
        const rows = dims[0]![0]!;
        return { dims: [[rows, rows]], data: [new Float32Array(rows * rows).fill(data[0]![0] as number)] };
      }),
      "`y` has another shape where rows run together",
    ],
    [
      "outputs that do not depend on inputs",
      fake([x], [y], ({ dims }) => ({ dims, data: [new Float32Array(3 * dims[0]![0]!)] })),
      "its outputs are the same whatever the inputs are, which proves nothing",
    ],
    [
      "runs that are too slow to try",
      fake([x], [y], same, () => 300),
      "one run takes 300 ms, too long to try it while loading",
    ],
    [
      "inputs that cannot be made up",
      fake([x], [y], () => {
        throw new Error("no such word");
      }),
      "it could not be tried: no such word",
    ],
  ];
  for (const [name, model, reason] of refusals) {
    it(`refuses ${name}`, async () => {
      assert.deepEqual(await probeBatching(model, 32), { safe: false, reason });
    });
  }

  it("takes sums in another order for the same", async () => {
    const noisy = fake([x], [y], ({ dims, data }) => ({
      dims,
      data: [(data[0] as Float32Array).map((value) => value * (1 + dims[0]![0]! * 1e-6))],
    }));
    assert.equal((await probeBatching(noisy, 32)).safe, true);
  });

  it("finds a size for free dimensions that the model takes", async () => {
    const sizes: number[] = [];
    const picky = fake([declared("x", ["N", 3, "W"])], [y], (tensors) => {
      sizes.push(tensors.dims[0]![2]!);
      if (tensors.dims[0]![2]! % 32 > 0) throw new Error("a stride of 32");
      return tensors;
    });
    assert.equal((await probeBatching(picky, 32)).safe, true);
    assert.deepEqual([...new Set(sizes)], [8, 32]);
  });

  it("never offers zeros among whole numbers: a division by one would end the process", async () => {
    const integers = fake(
      [declared("x", ["N", 50], "int32")],
      [declared("y", ["N", 50], "int32")],
      (tensors) => {
        assert.ok((tensors.data[0] as Int32Array).every((value) => value >= 1));
        return tensors;
      },
    );
    assert.equal((await probeBatching(integers, 32)).safe, true);
  });

  it("spends a bounded time on a slow model", async () => {
    const slow = fake([x], [y], same, (rows) => 60 * rows);
    assert.deepEqual(await probeBatching(slow, 32), { safe: true, efficientRows: 1 });
    assert.ok(slow.runs.reduce((sum, rows) => sum + rows, 0) <= 11, slow.runs.join());
  });

  for (const { onnx: type } of Object.values(DATATYPES)) {
    it(`tries models of ${type} on onnxruntime`, async () => {
      const { safe } = await probeBatching(await onRuntime(identityModel(type, ["N", 16])), 4);
      assert.equal(safe, true);
    });
  }

  it("tells on onnxruntime whether rows are added up one by one or all together", async () => {
    assert.equal((await probeBatching(await onRuntime(addModel("float32", ["N", "F"])), 4)).safe, true);
    const centred = centredModel(["N", 4]);
    assert.deepEqual(await probeBatching(await onRuntime(centred), 4), {
      safe: false,
      reason: "`y` differs where rows run together",
    });
  });
});

describe("smallestEfficientBatch", () => {
  const x = declared("x", ["N", 3]);
  const cases: [string, (rows: number) => number, number][] = [
    ["rows that cost the same in any batch: few, for the sake of the other threads", (rows) => 5 * rows, 4],
    ["slow rows that cost the same in any batch: no batching", (rows) => 50 * rows, 1],
    [
      "slow rows that seem dearer together, by no more than chance",
      (rows) => 13 * rows * (rows > 1 ? 1.03 : 1),
      4,
    ],
    ["slow rows that are dearer together", (rows) => 13 * rows * (rows > 1 ? 1.2 : 1), 1],
    ["quick rows that are dearer together", (rows) => rows * (rows > 1 ? 1.08 : 1), 1],
    ["runs that cost the same with any rows: the largest", () => 0.05, 32],
    ["a cost per run that is spread by then", (rows) => 0.4 + rows, 16],
    ["larger batches that are worse", (rows) => (rows <= 4 ? 1 : rows), 4],
    ["no time to try large ones, which promise much", (rows) => 40 + rows, 32],
    ["no time to try large ones, which promise nothing", (rows) => 40 * rows, 1],
  ];
  for (const [name, ms, expected] of cases) {
    it(`chooses ${expected} for ${name}`, async () => {
      const model = fake([x], [], same, ms);
      const timings: Timings = new Map([
        [1, ms(1)],
        [4, ms(4)],
      ]);
      assert.equal(await smallestEfficientBatch(model, 1, 32, timings), expected);
    });
  }
});
