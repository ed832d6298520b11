import assert from "node:assert/strict";
import { parseDataset, readDataset } from "../../../runtime/gate/dataset";
import { modelFolder } from "../support/model-folder";

const TENSOR = { name: "x", datatype: "FP32", shape: [1, 1], data: [1] };
const row = (label: unknown) => ({ inputs: [TENSOR], label });

describe("parseDataset", () => {
  it("reads a list of rows", () => {
    assert.deepEqual(parseDataset(JSON.stringify([row(3), row("cat"), row(true), row([1, [2, 3]])]), true), {
      rows: [[3], ["cat"], [1], [1, 2, 3]].map((labels) => ({ inputs: [TENSOR], labels })),
      classes: undefined,
    });
  });

  it("reads rows with the names of classes", () => {
    const { classes, rows } = parseDataset(
      JSON.stringify({ classes: ["cat", "dog"], rows: [row("dog")] }),
      true,
    );
    assert.deepEqual([classes, rows.length], [["cat", "dog"], 1]);
  });

  it("does without labels where nobody reads them", () => {
    assert.deepEqual(parseDataset(JSON.stringify([{ inputs: [TENSOR] }]), false).rows[0]!.labels, []);
  });

  const wrong: [name: string, text: string, message: string | RegExp][] = [
    ["no JSON", "{", /^the dataset is not JSON: /],
    ["a text", '"x"', 'the dataset must be a list of rows, or {"classes": [names], "rows": a list of rows}'],
    ["null", "null", 'the dataset must be a list of rows, or {"classes": [names], "rows": a list of rows}'],
    ["no rows", "[]", "the dataset has no rows"],
    [
      "classes of one name",
      JSON.stringify({ classes: ["a", "a"], rows: [row(1)] }),
      "the dataset's `classes` must be a list of different names",
    ],
    [
      "a row without inputs",
      JSON.stringify([row(1), { label: 1 }]),
      "row 2 of the dataset must have `inputs`: a list of tensors with `name`, `datatype`, `shape` and `data`",
    ],
    [
      "a tensor without data",
      JSON.stringify([{ inputs: [{ ...TENSOR, data: undefined }], label: 1 }]),
      "row 1 of the dataset must have `inputs`: a list of tensors with `name`, `datatype`, `shape` and `data`",
    ],
    ["a row without label", JSON.stringify([{ inputs: [TENSOR] }]), "row 1 of the dataset has no `label`"],
    [
      "an object as the label",
      JSON.stringify([row({})]),
      "row 1 of the dataset must have a number, a text, true or false as its `label`, or a list of them",
    ],
    [
      "an empty list of labels",
      JSON.stringify([row([])]),
      "row 1 of the dataset must have a number, a text, true or false as its `label`, or a list of them",
    ],
  ];
  for (const [name, text, message] of wrong) {
    it(`refuses ${name}`, () =>
      assert.throws(() => parseDataset(text, true), { name: "Unmeasurable", message }));
  }

  it("refuses more rows than anyone waits for", () => {
    const text = `[${'{"inputs":[]},'.repeat(100_000)}{}]`;
    assert.throws(() => parseDataset(text, false), {
      message: "the dataset has 100001 rows, more than 100000",
    });
  });
});

describe("readDataset", () => {
  it("names the file that is not there", () => {
    assert.throws(() => readDataset("/nowhere/dataset.json", true), {
      name: "Unmeasurable",
      message: /^the dataset \/nowhere\/dataset\.json cannot be read: ENOENT/,
    });
  });

  it("reads a file", () => {
    const folder = modelFolder({ "dataset.json": JSON.stringify([row(1)]) });
    assert.equal(readDataset(`${folder}/dataset.json`, true).rows.length, 1);
  });
});
