import assert from "node:assert/strict";
import type { Datatype } from "../../../../runtime/dataplane/datatypes";
import { assignColumns, type AssignOptions } from "../../../../runtime/drift/profile/assign-columns";
import type { DataColumn } from "../../../../runtime/drift/readers/source";

const input = (name: string, shape: number[], datatype: Datatype = "FP32") => ({ name, datatype, shape });
const columns = (...names: (string | [string, number])[]): DataColumn[] =>
  names.map((name) => (typeof name === "string" ? { name, width: 1 } : { name: name[0], width: name[1] }));

function assign(
  inputs: ReturnType<typeof input>[],
  data: DataColumn[],
  options: Partial<AssignOptions> = {},
): [Record<string, readonly string[]>, readonly string[], readonly string[]] {
  const found = assignColumns(inputs, data, {
    named: "the data",
    map: [],
    ignore: [],
    partly: false,
    ...options,
  });
  return [
    Object.fromEntries(found.inputs.map((each) => [each.name, each.columns])),
    found.without,
    found.notes,
  ];
}

describe("assignColumns", () => {
  it("finds columns by the inputs' names, and says which are nobody's", () => {
    assert.deepEqual(
      assign([input("age", [-1]), input("x", [-1, 2])], columns("x[1]", "label", "x[0]", "age")),
      [{ age: ["age"], x: ["x[0]", "x[1]"] }, [], ["Columns that are no input's: `label`."]],
    );
  });

  it("finds elements with an underscore, and vectors", () => {
    assert.deepEqual(assign([input("x", [-1, 2])], columns("x_0", "x_1"))[0], { x: ["x_0", "x_1"] });
    assert.deepEqual(assign([input("x", [-1, 2, 2])], columns(["x", 4]))[0], { x: ["x"] });
  });

  it("takes what is mapped before what is named", () => {
    const map = ["salary=input:x[1]", "a=b=input:age"];
    const data = columns("x[0]", "x[1]", "salary", "age", "a=b");
    assert.deepEqual(assign([input("x", [-1, 2]), input("age", [-1, 1])], data, { map })[0], {
      x: ["x[0]", "salary"],
      age: ["a=b"],
    });
  });

  it("maps a name that looks like an element", () => {
    assert.deepEqual(assign([input("x[0]", [-1])], columns("a", "b"), { map: ["b=input:x[0]"] })[0], {
      "x[0]": ["b"],
    });
  });

  it("takes columns in their order for a model's only input where none is named, and says so", () => {
    const [found, , notes] = assign([input("x", [-1, 2])], columns("a", "label", "b"), { ignore: ["label"] });
    assert.deepEqual(found, { x: ["a", "b"] });
    assert.deepEqual(notes, [
      "No column is named after the input `x`: its 2 elements are taken from the columns in their order (`a`, `b`).",
    ]);
    assert.deepEqual(assign([input("x", [-1, 3])], columns(["array", 3]))[0], { x: ["array"] });
  });

  it("gives free dimensions the size that the data has", () => {
    const options = { named: "the data", map: [], ignore: [], partly: false };
    const shapes = (shape: number[], data: DataColumn[]) =>
      assignColumns([input("x", shape)], data, options).inputs[0]!.rowShape;
    assert.deepEqual(shapes([-1, -1, 4], columns(["x", 12])), [3, 4]);
    assert.deepEqual(shapes([-1, -1], columns("x_0", "x_1", "x_2")), [3]);
    assert.deepEqual(shapes([1, 2], columns(["x", 2])), [1, 2]);
  });

  it("lets inputs be without a column where that is allowed", () => {
    assert.deepEqual(assign([input("a", [-1]), input("b", [-1])], columns("a"), { partly: true }), [
      { a: ["a"] },
      ["b"],
      [],
    ]);
  });

  const ab = columns("a", "b");
  const wrong: [
    name: string,
    inputs: ReturnType<typeof input>[],
    data: DataColumn[],
    options: Partial<AssignOptions>,
    message: string,
  ][] = [
    [
      "an input without a column",
      [input("a", [-1]), input("y", [-1])],
      ab,
      {},
      "the data has no column for the input `y` (FP32 [-1]); it has `a`, `b`. Name it with `--map COLUMN=input:y`.",
    ],
    [
      "an input without any, although some may lack",
      [input("y", [-1, 3])],
      ab,
      { partly: true },
      "the data has no column for the input `y` (FP32 [-1, 3]); it has `a`, `b`. Name its elements' columns with `--map COLUMN=input:y[i]`.",
    ],
    [
      "an element that lacks",
      [input("x", [-1, 3])],
      columns("x_0", "x_2"),
      { partly: true },
      "the data has columns for 2 of the 3 elements of the input `x`, but none for `x[1]`; name it with `--map COLUMN=input:x[1]`.",
    ],
    [
      "vectors of another length",
      [input("x", [-1, 3])],
      columns(["x", 4]),
      {},
      "the data has 4 elements in each row for the input `x`, which has the shape [-1, 3].",
    ],
    [
      "vectors that fill no free dimension",
      [input("x", [-1, -1, 4])],
      columns(["x", 6]),
      {},
      "the data has 6 elements in each row for the input `x`, which has the shape [-1, -1, 4].",
    ],
    [
      "two free dimensions",
      [input("x", [-1, -1, -1])],
      columns(["x", 6]),
      {},
      "the data has 6 elements in each row for the input `x`, which has the shape [-1, -1, -1] and more than one free dimension.",
    ],
    [
      "a vector for an element",
      [input("x", [-1, 2])],
      columns(["x_0", 2], "x_1"),
      {},
      "the data has 2 elements in each row of `x_0`, but it stands for one element of `x`.",
    ],
    [
      "a map that is none",
      [input("a", [-1])],
      ab,
      { map: ["a"] },
      "`--map` (a) must be COLUMN=input:NAME or COLUMN=input:NAME[i].",
    ],
    [
      "an unknown column",
      [input("a", [-1])],
      ab,
      { map: ["c=input:a"] },
      "`--map` (c=input:a) names a column that the data lacks; it has `a`, `b`.",
    ],
    [
      "an unknown input",
      [input("a", [-1])],
      ab,
      { map: ["b=input:q"] },
      "`--map` (b=input:q) names an input that the model lacks; it has `a`.",
    ],
    [
      "an unknown element",
      [input("a", [-1, 2])],
      ab,
      { map: ["b=input:a[2]"] },
      "`--map` (b=input:a[2]) names an element that `a` lacks; it has [0] to [1].",
    ],
    [
      "two columns for an input",
      [input("a", [-1])],
      ab,
      { map: ["a=input:a", "b=input:a"] },
      "`--map` gives `input:a` two columns.",
    ],
    [
      "an unknown column to ignore",
      [input("a", [-1])],
      ab,
      { ignore: ["z"] },
      "`--ignore` (z) is no column of the data, which has `a`, `b`.",
    ],
  ];
  for (const [name, inputs, data, options, message] of wrong) {
    it(`refuses ${name}`, () =>
      assert.throws(() => assign(inputs, data, options), { name: "DataMistake", message }));
  }
});
