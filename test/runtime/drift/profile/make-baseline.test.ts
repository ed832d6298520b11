import assert from "node:assert/strict";
import type { TensorData } from "../../../../runtime/dataplane/datatypes";
import type { ModelSpec } from "../../../../runtime/dataplane/model-spec";
import type { CategoricalBaseline, NumericBaseline } from "../../../../runtime/drift/baseline";
import { assignColumns } from "../../../../runtime/drift/profile/assign-columns";
import { makeBaseline } from "../../../../runtime/drift/profile/make-baseline";
import type { RowModel } from "../../../../runtime/drift/profile/open-model";
import { checkBaseline, parseBaseline } from "../../../../runtime/drift/read-baseline";
import type { Cell, DataSource } from "../../../../runtime/drift/readers/source";

const SHA = "a".repeat(64);
const SPEC: ModelSpec = {
  inputs: [
    { name: "x", datatype: "FP32", shape: [-1, 2] },
    { name: "country", datatype: "BYTES", shape: [-1] },
    { name: "code", datatype: "INT64", shape: [-1] },
  ],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
};

/** Columns in memory, a few rows a batch; counts how often it was read. */
class Table implements DataSource {
  reads = 0;
  readonly columns;

  constructor(private readonly table: Readonly<Record<string, readonly Cell[]>>) {
    this.columns = Object.keys(table).map((name) => ({ name, width: 1 }));
  }

  async *batches(names: readonly string[]) {
    this.reads++;
    const rows = Object.values(this.table)[0]!.length;
    for (let from = 0; from < rows; from += 7) {
      const cells = names.map((name) => this.table[name]!.slice(from, from + 7));
      yield { rows: Math.min(7, rows - from), cells, where: (row: number) => `in row ${from + row + 1}` };
    }
  }

  async close() {}
}

/** y is the sum of a row's x. */
class Sums implements RowModel {
  readonly spec = SPEC;
  readonly sha256 = SHA;
  rows = 0;

  async run(...[, { rows, data }, visit]: Parameters<RowModel["run"]>): Promise<void> {
    const [x] = data as [Float32Array, TensorData, TensorData];
    for (let from = 0; from < rows; from += 4) {
      const count = Math.min(4, rows - from);
      this.rows += count;
      visit(
        [Float32Array.from({ length: count }, (_, i) => x[2 * (from + i)]! + x[2 * (from + i) + 1]!)],
        count,
      );
    }
  }

  async close() {}
}

const ROWS = 100;
const each = <Value>(value: (i: number) => Value) => Array.from({ length: ROWS }, (_, i) => value(i));
const TABLE = {
  x_0: each((i) => i),
  x_1: each((i) => (i === 50 ? "" : String(2 * i))),
  country: each((i) => (i % 10 === 0 ? "" : i % 2 ? "NO" : "SE")),
  code: each((i) => BigInt(i % 3)),
};

async function profile(
  table: Readonly<Record<string, readonly Cell[]>>,
  options: { mostSampled?: number; inputsOnly?: boolean } = {},
) {
  const source = new Table(table);
  const model = new Sums();
  const { inputs } = assignColumns(SPEC.inputs, source.columns, {
    named: "the data",
    map: [],
    ignore: [],
    partly: Boolean(options.inputsOnly),
  });
  const made = await makeBaseline(source, {
    named: "the data",
    bins: 4,
    data: { file: "train.csv", sha256: SHA },
    model: options.inputsOnly ? undefined : model,
    spec: SPEC,
    inputs,
    mostSampled: options.mostSampled,
  });
  return { made, source, model };
}

describe("makeBaseline", () => {
  it("profiles inputs and outputs", async () => {
    const { made, source, model } = await profile(TABLE);
    assert.deepEqual(Object.keys(made.features), [
      "input:x[0]",
      "input:x[1]",
      "input:country",
      "input:code",
      "output:y",
    ]);
    assert.deepEqual(made.features["input:x[0]"], {
      kind: "numeric",
      count: 100,
      missing: 0,
      min: 0,
      max: 99,
      mean: 49.5,
      standardDeviation: Math.sqrt((100 * 101) / 12),
      edges: [24, 49, 74],
      counts: [25, 25, 25, 25],
      binMeans: [12, 37, 62, 87],
    });
    const [second, y] = [made.features["input:x[1]"], made.features["output:y"]] as NumericBaseline[];
    assert.deepEqual([second!.count, second!.missing, y!.missing, y!.max], [99, 1, 1, 297]);
    assert.deepEqual(made.features["input:country"], {
      kind: "categorical",
      count: 90,
      missing: 10,
      values: { NO: 50, SE: 40 },
      other: 0,
    });
    assert.deepEqual(made.features["input:code"], {
      kind: "categorical",
      count: 100,
      missing: 0,
      values: { 0: 34, 1: 33, 2: 33 },
      other: 0,
    });
    assert.deepEqual([made.modelSha256, made.data], [SHA, { file: "train.csv", sha256: SHA, rows: 100 }]);
    // All of it was in the sample: neither the file nor the model is asked twice.
    assert.deepEqual([source.reads, model.rows], [1, 100]);
  });

  it("is what the server reads", async () => {
    const { made } = await profile(TABLE);
    assert.deepEqual(parseBaseline(JSON.stringify(made)), made);
    assert.deepEqual(checkBaseline(made, SPEC, SHA).warnings, []);
  });

  it("counts every row where only a sample decides the bins", async () => {
    const { made, source, model } = await profile(TABLE, { mostSampled: 20 });
    const x = made.features["input:x[0]"] as NumericBaseline;
    assert.deepEqual(
      [x.count, x.min, x.max, x.counts.reduce((sum, count) => sum + count)],
      [100, 0, 99, 100],
    );
    assert.ok(
      Math.abs(x.mean - 49.5) < 1e-9 && Math.abs(x.standardDeviation - Math.sqrt((100 * 101) / 12)) < 1e-9,
    );
    assert.ok(x.edges.length === 3 && x.counts.every((count) => count > 5), String(x.counts));
    const country = made.features["input:country"] as CategoricalBaseline;
    assert.deepEqual([country.values.NO, country.values.SE, country.missing], [50, 40, 10]);
    assert.deepEqual([source.reads, model.rows], [2, 120]);
    assert.deepEqual((await profile(TABLE, { mostSampled: 20 })).made, made);
  });

  it("bins whole numbers with many values", async () => {
    const { made } = await profile({ ...TABLE, code: each((i) => i) });
    assert.equal(made.features["input:code"]!.kind, "numeric");
  });

  it("lists the most frequent texts, and counts the others together", async () => {
    const country = each((i) => (i < 40 ? "NO" : `town ${i}`));
    const { made } = await profile({ ...TABLE, country });
    const { values, other, count } = made.features["input:country"] as CategoricalBaseline;
    assert.deepEqual([Object.keys(values).length, values.NO, other, count], [50, 40, 11, 100]);
  });

  it("lists no value of identifiers, which all differ", async () => {
    const many = (value: (i: number) => Cell) => Array.from({ length: 400 }, (_, i) => value(i));
    const table = { country: many((i) => `id ${i}`) };
    const { made } = await profile(table, { inputsOnly: true });
    assert.deepEqual(made.features["input:country"], {
      kind: "categorical",
      count: 400,
      missing: 0,
      values: {},
      other: 400,
    });
    assert.deepEqual(parseBaseline(JSON.stringify(made)), made);
  });

  it("leaves out what is not asked for", async () => {
    const { made, model } = await profile({ code: TABLE.code }, { inputsOnly: true });
    assert.deepEqual(
      [Object.keys(made.features), made.modelSha256, model.rows],
      [["input:code"], undefined, 0],
    );
  });

  it("projects long vectors", async () => {
    const spec: ModelSpec = { inputs: [{ name: "e", datatype: "FP32", shape: [-1, 100] }], outputs: [] };
    const source: DataSource = {
      columns: [{ name: "e", width: 100 }],
      async *batches() {
        yield {
          rows: 30,
          cells: [Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i))],
          where: String,
        };
      },
      async close() {},
    };
    const options = { named: "the data", map: [], ignore: [], partly: false };
    const made = await makeBaseline(source, {
      named: "the data",
      bins: 4,
      data: { file: "e.npy", sha256: SHA },
      spec,
      inputs: assignColumns(spec.inputs, source.columns, options).inputs,
    });
    assert.deepEqual(made.projections, { "input:e": { dimensions: 100, count: 8, seed: 1 } });
    assert.deepEqual(Object.keys(made.features).length, 8);
    assert.equal(made.features["input:e~7"]!.count, 30);
    assert.deepEqual(checkBaseline(made, spec).warnings, []);
  });

  const wrong: [name: string, change: Record<string, Cell[]>, message: string][] = [
    ["no rows", { x_0: [], x_1: [], country: [], code: [] }, "the data has no rows."],
    [
      "a number that is always missing",
      { x_1: each(() => "NaN") },
      "`input:x[1]` has no finite number in the data: it is NaN, infinite or empty in all 100 rows; give data that has it.",
    ],
    [
      "a text that is always empty",
      { country: each(() => null) },
      "`input:country` has no text in the data: it is empty in all 100 rows; give data that has it.",
    ],
    [
      "an output that is never a number",
      { x_0: each((i) => (i < 50 ? NaN : 1)), x_1: each((i) => (i < 50 ? 1 : NaN)) },
      "`output:y` has no finite number in the data: it is NaN, infinite or empty in all 100 rows; leave the outputs out with `--inputs-only`, or give data that the model answers.",
    ],
    [
      "a cell that does not fit",
      { code: each((i) => (i === 12 ? "abc" : 1)) },
      "the data has `abc` in column `code` in row 13, which is not a whole number; the input `code` takes INT64.",
    ],
  ];
  for (const [name, change, message] of wrong) {
    it(`refuses ${name}`, () =>
      assert.rejects(profile({ ...TABLE, ...change }), { name: "DataMistake", message }));
  }

  it("refuses a model of which two inputs have a feature in common, before it reads the data", async () => {
    const scalar = { name: "x[0]", datatype: "FP32", shape: [-1] } as const;
    const spec: ModelSpec = { ...SPEC, inputs: [...SPEC.inputs, scalar] };
    const source = new Table(TABLE);
    // Of `x` nothing is profiled: the server, which could not tell them apart either, would refuse what is made.
    const inputs = [{ ...scalar, rowShape: [], width: 1, columns: ["x_0"] }];
    await assert.rejects(
      makeBaseline(source, {
        named: "the data",
        bins: 4,
        data: { file: "train.csv", sha256: SHA },
        spec,
        inputs,
      }),
      {
        name: "SharedFeature",
        exitCode: 1,
        message: /^`input:x` and `input:x\[0\]` of the model both have /,
      },
    );
    assert.equal(source.reads, 0);
  });
});
