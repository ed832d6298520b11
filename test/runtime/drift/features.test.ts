import assert from "node:assert/strict";
import type { TensorData } from "../../../runtime/dataplane/datatypes";
import { float16Bits } from "../../../runtime/dataplane/float16";
import {
  createTensorReader,
  modelLayouts,
  numbersOf,
  tensorLayout,
  type TensorLayout,
} from "../../../runtime/drift/features";
import { RandomProjection } from "../../../runtime/drift/projection";
import { CategoricalSummary, NumericSummary, type FeatureSummary } from "../../../runtime/drift/summary";

const layout = (shape: number[], datatype: TensorLayout["datatype"] = "FP32") =>
  tensorLayout("input", { name: "x", datatype, shape });

describe("tensorLayout", () => {
  const cases: [name: string, shape: number[], width: number, first: string, features: number][] = [
    ["one value a row", [-1], 1, "input:x", 1],
    ["one value a row, in a dimension of its own", [-1, 1], 1, "input:x", 1],
    ["a scalar", [], 1, "input:x", 1],
    ["a few elements", [-1, 4], 4, "input:x[0]", 4],
    ["a batch that is fixed", [1, 4], 4, "input:x[0]", 4],
    ["two dimensions, counted through", [-1, 2, 3], 6, "input:x[0]", 6],
    ["as many elements as are followed one by one", [-1, 64], 64, "input:x[0]", 64],
    ["one more", [-1, 65], 65, "input:x~0", 8],
    ["a picture", [-1, 3, 32, 32], 3072, "input:x~0", 8],
    ["free lengths", [-1, -1], 1, "input:x", 1],
    ["vectors along a free length", [-1, -1, 100], 100, "input:x~0", 8],
  ];
  for (const [name, shape, width, first, features] of cases) {
    it(`has ${first} of ${name}`, () => {
      const found = layout(shape);
      assert.deepEqual([found.width, found.features[0], found.features.length], [width, first, features]);
      assert.equal(found.projection === undefined, !first.includes("~"));
    });
  }

  it("does not project texts", () => {
    assert.deepEqual(layout([-1, 100], "BYTES").features, ["input:x"]);
    assert.deepEqual(layout([-1, 2], "BYTES").features, ["input:x[0]", "input:x[1]"]);
  });

  it("takes the baseline's projection", () => {
    const spec = { name: "y", datatype: "FP32", shape: [-1, 100] } as const;
    const { projection, features } = tensorLayout("output", spec, { dimensions: 100, count: 2, seed: 5 });
    assert.deepEqual(
      [projection, features],
      [{ dimensions: 100, count: 2, seed: 5 }, ["output:y~0", "output:y~1"]],
    );
  });
});

describe("modelLayouts", () => {
  const tensor = (name: string, shape: number[]) => ({ name, datatype: "FP32", shape }) as const;
  const layouts = (inputs: [string, number[]][], outputs: [string, number[]][] = []) =>
    modelLayouts({
      inputs: inputs.map(([name, shape]) => tensor(name, shape)),
      outputs: outputs.map(([name, shape]) => tensor(name, shape)),
    });

  const shared: [what: string, inputs: [string, number[]][], outputs: [string, number[]][], start: string][] =
    [
      [
        "an element and a scalar that is called like it",
        [
          ["x", [-1, 2]],
          ["x[1]", [-1]],
        ],
        [],
        "`input:x` and `input:x[1]` of the model both have the feature `input:x[1]`, ",
      ],
      [
        "a projection and a scalar that is called like it",
        [
          ["x~0", [-1]],
          ["x", [-1, 100]],
        ],
        [],
        "`input:x~0` and `input:x` of the model both have the feature `input:x~0`, ",
      ],
      [
        "outputs",
        [["x", [-1]]],
        [
          ["y", [-1, 3]],
          ["y[0]", [-1, 1]],
        ],
        "`output:y` and `output:y[0]` of the model both have the feature `output:y[0]`, ",
      ],
    ];
  for (const [what, inputs, outputs, start] of shared) {
    it(`refuses a feature of two tensors: ${what}`, () =>
      assert.throws(() => layouts(inputs, outputs), {
        name: "SharedFeature",
        message: `${start}so that a baseline could not tell them apart; rename one of them in the model, or serve it without a baseline (\`"drift": false\` in \`model.json\`).`,
      }));
  }

  it("takes names that only look alike", () => {
    const found = layouts(
      [
        ["x", [-1, 2]],
        ["x[2]", [-1]],
        ["x[0]", [-1, 2]],
        ["x~0", [-1]],
      ],
      [["x[0]", [-1]]],
    );
    assert.deepEqual(
      found.flatMap(({ features }) => features),
      [
        "input:x[0]",
        "input:x[1]",
        "input:x[2]",
        "input:x[0][0]",
        "input:x[0][1]",
        "input:x~0",
        "output:x[0]",
      ],
    );
  });
});

describe("numbersOf", () => {
  const cases: [TensorLayout["datatype"], TensorData, number[]][] = [
    ["FP16", Uint16Array.of(float16Bits(1.5), float16Bits(-2)), [1.5, -2]],
    ["INT64", BigInt64Array.of(-5n, 7n), [-5, 7]],
    ["UINT64", BigUint64Array.of(2n ** 63n), [2 ** 63]],
    ["BOOL", Uint8Array.of(0, 1), [0, 1]],
    ["FP32", Float32Array.of(0.5), [0.5]],
  ];
  for (const [datatype, data, numbers] of cases) {
    it(`reads ${datatype}`, () => assert.deepEqual(Array.from(numbersOf(datatype, data)), numbers));
  }

  it("refuses texts", () =>
    assert.throws(() => numbersOf("BYTES", ["a"]), { message: "Texts are no numbers." }));
});

describe("createTensorReader", () => {
  const numeric = () => new NumericSummary({ edges: [], mean: 0 });

  function read(of: TensorLayout, data: TensorData, summaries: Record<string, FeatureSummary>): void {
    createTensorReader(of, (feature) => summaries[feature])!(data);
  }

  it("gives each element of a row to its own feature", () => {
    const [a, b] = [numeric(), numeric()];
    read(layout([-1, 2]), Float32Array.of(1, 10, 3, 30), { "input:x[0]": a, "input:x[1]": b });
    assert.deepEqual([a.mean, b.mean, a.count], [2, 20, 2]);
  });

  it("passes over elements without a summary, and tensors without any", () => {
    const b = numeric();
    read(layout([-1, 2]), Float32Array.of(1, 10, 3, 30), { "input:x[1]": b });
    assert.equal(b.mean, 20);
    assert.equal(
      createTensorReader(layout([-1, 2]), () => undefined),
      undefined,
    );
  });

  it("counts texts, booleans and whole numbers by value", () => {
    const texts = new CategoricalSummary({ values: { NO: 1 } });
    read(layout([-1], "BYTES"), ["NO", "SE", ""], { "input:x": texts });
    assert.deepEqual([texts.counts[0], texts.other, texts.missing], [1, 1, 1]);
    const flags = new CategoricalSummary({ values: { 0: 1, 1: 1 } });
    read(layout([-1], "BOOL"), Uint8Array.of(1, 1, 0), { "input:x": flags });
    assert.deepEqual([...flags.counts], [1, 2]);
    const codes = new CategoricalSummary({ values: { 7: 1 } });
    read(layout([-1], "INT64"), BigInt64Array.of(7n, 8n), { "input:x": codes });
    assert.deepEqual([codes.counts[0], codes.other], [1, 1]);
  });

  it("projects each vector", () => {
    const wide = layout([-1, 100]);
    const data = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i));
    const summaries = Object.fromEntries(wide.features.map((feature) => [feature, numeric()]));
    read(wide, data, summaries);
    const places = new Float64Array(8);
    const projection = new RandomProjection(wide.projection!);
    projection.project(data, 0, places);
    const first = places[3]!;
    projection.project(data, 100, places);
    assert.deepEqual([summaries["input:x~3"]!.count, summaries["input:x~3"]!.missing], [2, 0]);
    assert.ok(Math.abs((summaries["input:x~3"] as NumericSummary).mean - (first + places[3]!) / 2) < 1e-12);
  });
});
