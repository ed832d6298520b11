import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openData } from "../../../../runtime/drift/readers/open-data";
import type { Cell } from "../../../../runtime/drift/readers/source";
import { modelFolder } from "../../support/model-folder";

const FIXTURES = join(__dirname, "../fixtures");

async function readAll(file: string, columns?: readonly string[]) {
  const source = await openData(file);
  try {
    const names = columns ?? source.columns.map(({ name }) => name);
    const cells: Cell[][] = names.map(() => []);
    const places: string[] = [];
    for await (const batch of source.batches(names)) {
      batch.cells.forEach((part, i) => cells[i]!.push(...Array.from(part)));
      for (let row = 0; row < batch.rows; row++) places.push(batch.where(row));
    }
    return { columns: source.columns, cells, places };
  } finally {
    await source.close();
  }
}

const file = (name: string, content: Buffer | string) => join(modelFolder({ [name]: content }), name);

async function refuses(path: string, message: string): Promise<void> {
  await assert.rejects(readAll(path), {
    name: "DataMistake",
    message: message.replace("FILE", `\`--data\` (${path})`),
  });
}

/** An array as numpy.save writes it. */
function npy(descr: string, shape: string, data: Buffer, { fortran = false, version = 1 } = {}): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const start = Buffer.alloc(version === 1 ? 10 : 12);
  start.write("\x93NUMPY", "latin1");
  start[6] = version;
  const text = header.padEnd(118 - start.length) + "\n";
  if (version === 1) start.writeUInt16LE(text.length, 8);
  else start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, Buffer.from(text), data]);
}

const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

describe("openData", () => {
  it("tells what is wrong with the file itself", async () => {
    const folder = modelFolder({ "a.csv/b": "", "empty.csv": "", "a.xlsx": "x" });
    await refuses(join(folder, "none.csv"), "FILE does not exist.");
    await refuses(join(folder, "a.csv"), "FILE is a folder; name a file in it.");
    await refuses(join(folder, "empty.csv"), "FILE is empty.");
    await refuses(
      join(folder, "a.xlsx"),
      "FILE must end in .csv, .tsv, .parquet, .npy, .npz, which says how it is read.",
    );
  });
});

describe("CSV", () => {
  it("reads quoted cells, line ends of either kind and a byte order mark, and knows the lines", async () => {
    const path = file("a.csv", '\ufeffage, name\r\n31,"Ada, ""L"""\r\n\r\n42,"two\nlines"\n53,\n');
    assert.deepEqual(await readAll(path), {
      columns: [
        { name: "age", width: 1 },
        { name: "name", width: 1 },
      ],
      cells: [
        ["31", "42", "53"],
        ['Ada, "L"', "two\nlines", ""],
      ],
      places: ["at line 2", "at line 5", "at line 6"],
    });
  });

  for (const [name, delimiter] of [
    ["tabs", "\t"],
    ["semicolons", ";"],
  ] as const) {
    it(`reads ${name}`, async () => {
      const { cells } = await readAll(file("a.csv", `a${delimiter}"b,c,d"\n1${delimiter}2\n`), ["b,c,d"]);
      assert.deepEqual(cells, [["2"]]);
    });
  }

  it("reads more rows than a batch has, each once", async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => String(i));
    const { cells, places } = await readAll(file("a.csv", `x\n${rows.join("\n")}`));
    assert.deepEqual([cells[0], places.at(-1)], [rows, "at line 5001"]);
  });

  const wrong: [name: string, content: string, message: string][] = [
    [
      "a short row",
      "a,b\n1,2\n3\n",
      "FILE has 1 cells at line 3, but its first line has another number; every row must have as many.",
    ],
    [
      "an open quotation",
      'a,b\n1,"2\n3,4\n',
      "FILE has a quotation mark that is never closed; it was read up to line 3.",
    ],
    ["two columns of a name", "a,b,a\n1,2,3\n", "FILE has two columns named `a`; rename one."],
    ["nothing but blank lines", "\n\n", "FILE is empty; it needs a line of column names and rows."],
  ];
  for (const [name, content, message] of wrong) {
    it(`refuses ${name}`, () => refuses(file("a.csv", content), message));
  }
});

describe("NPY", () => {
  const cases: [name: string, content: Buffer, cells: Cell[], width: number][] = [
    ["two dimensions", npy("'<f4'", "(2, 2)", floats(1, 2, 3, 4)), [1, 2, 3, 4], 2],
    ["one dimension", npy("'<f4'", "(2,)", floats(1, 2)), [1, 2], 1],
    ["version 2 of the format", npy("'<f4'", "(2,)", floats(1, 2), { version: 2 }), [1, 2], 1],
    [
      "columns one after the other",
      npy("'<f4'", "(2, 3)", floats(1, 4, 2, 5, 3, 6), { fortran: true }),
      [1, 2, 3, 4, 5, 6],
      3,
    ],
    [
      "the same of three dimensions",
      npy("'<f4'", "(2, 2, 2)", floats(0, 4, 2, 6, 1, 5, 3, 7), { fortran: true }),
      [0, 1, 2, 3, 4, 5, 6, 7],
      4,
    ],
    ["the largest byte first", npy("'>i2'", "(2,)", Buffer.from([0, 7, 255, 255])), [7, -1], 1],
    ["half precision", npy("'<f2'", "(1,)", Buffer.from([0, 0x3e])), [1.5], 1],
    ["64-bit integers", npy("'<i8'", "(1,)", Buffer.from(BigInt64Array.of(-5n).buffer)), [-5n], 1],
    ["booleans", npy("'|b1'", "(2,)", Buffer.from([1, 0])), [1, 0], 1],
    ["texts", npy("'<U2'", "(2,)", Buffer.from(Uint32Array.of(0x1f600, 98, 99, 0).buffer)), ["😀b", "c"], 1],
    ["bytes", npy("'|S2'", "(2,)", Buffer.from("ab\0\0")), ["ab", ""], 1],
  ];
  for (const [name, content, cells, width] of cases) {
    it(`reads ${name}`, async () => {
      const read = await readAll(file("a.npy", content));
      assert.deepEqual([read.cells[0], read.columns], [cells, [{ name: "array", width }]]);
      assert.equal(read.places[0], "in row 1");
    });
  }

  const wrong: [name: string, content: Buffer, message: string][] = [
    [
      "another file",
      Buffer.from("PK and more than twelve bytes"),
      "FILE is no NPY file: it does not begin as `numpy.save` writes.",
    ],
    [
      "a version to come",
      npy("'<f4'", "(1,)", floats(1), { version: 4 }),
      "FILE is an NPY file of version 4, but 1 to 3 are known.",
    ],
    [
      "what was cut off",
      npy("'<f4'", "(4, 2)", floats(1, 2, 3)),
      "FILE has 131 bytes, but an array of the shape (4, 2) needs 151: it was cut off.",
    ],
    [
      "what ends in its header",
      npy("'<f4'", "(1,)", Buffer.alloc(0)).subarray(0, 40),
      "FILE ends within its header: it was cut off.",
    ],
    [
      "structures",
      npy("[('a', '<f4'), ('b', '<i8')]", "(1,)", Buffer.alloc(12)),
      "FILE holds [('a', '<f4'), ('b', '<i8')], but arrays of numbers, booleans and texts are read; save one array per input.",
    ],
    [
      "objects",
      npy("'|O'", "(1,)", Buffer.alloc(8)),
      "FILE holds '|O', but arrays of numbers, booleans and texts are read; save one array per input.",
    ],
  ];
  for (const [name, content, message] of wrong) {
    it(`refuses ${name}`, () => refuses(file("a.npy", content), message));
  }
});

describe("NPZ", () => {
  it("reads arrays by their names, and leaves nothing behind", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("slipway-npz-"));
    const { columns, cells } = await readAll(join(FIXTURES, "rows.npz"), ["label", "x"]);
    assert.deepEqual(columns, [
      { name: "x", width: 2 },
      { name: "label", width: 1 },
    ]);
    assert.deepEqual(cells, [
      ["a", "bc", ""],
      [0, 1, 2, 3, 4, 5],
    ]);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith("slipway-npz-"));
    assert.ok(after.length <= before.length);
  });

  it("refuses what was cut off", async () => {
    const path = file("a.npz", readFileSync(join(FIXTURES, "rows.npz")).subarray(0, 200));
    await assert.rejects(readAll(path), {
      message: /^`--data` \(.*a\.npz\) cannot be read as an NPZ archive \(End of central directory/,
    });
  });
});

describe("Parquet", () => {
  it("reads every row group, lists as vectors, nulls as missing and times in seconds", async () => {
    const { columns, cells, places } = await readAll(join(FIXTURES, "rows.parquet"));
    assert.deepEqual(
      columns.map(({ name, width }) => [name, width]),
      [
        ["age", 1],
        ["amount", 1],
        ["country", 1],
        ["known", 1],
        ["vector", 2],
        ["seen", 1],
      ],
    );
    const [age, amount, country, known, vector, seen] = cells;
    assert.deepEqual(age, [31n, 42n, 53n]);
    assert.deepEqual([amount![0], amount![2]], [1.5, -2.25]);
    assert.ok(amount![1] === undefined || amount![1] === null || Number.isNaN(amount![1]));
    assert.deepEqual([country![0], country![1] ?? null, country![2]], ["NO", null, "SE"]);
    assert.deepEqual(
      [known, vector],
      [
        [true, false, true],
        [1, 2, 3, 4, 5, 6],
      ],
    );
    assert.deepEqual(seen, [86_400, 0, 172_800]);
    assert.deepEqual(places, ["in row 1", "in row 2", "in row 3"]);
  });

  it("refuses what was cut off", async () => {
    const path = file("a.parquet", readFileSync(join(FIXTURES, "rows.parquet")).subarray(0, 3000));
    await refuses(
      path,
      "FILE cannot be read as Parquet; it may have been cut off (parquet file invalid (footer != PAR1)).",
    );
  });
});
