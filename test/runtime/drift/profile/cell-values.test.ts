import assert from "node:assert/strict";
import type { Datatype } from "../../../../runtime/dataplane/datatypes";
import { float16Bits } from "../../../../runtime/dataplane/float16";
import { elementWriter, emptyData } from "../../../../runtime/drift/profile/cell-values";
import type { Cell } from "../../../../runtime/drift/readers/source";

function written(datatype: Datatype, cell: Cell): unknown {
  const data = emptyData(datatype, 1);
  elementWriter(datatype)(cell, data, 0);
  return data[0];
}

describe("elementWriter", () => {
  const cases: [Datatype, Cell, unknown][] = [
    ["FP64", " 1.5e-3 ", 0.0015],
    ["FP64", "-.5", -0.5],
    ["FP64", 7n, 7],
    ["FP64", true, 1],
    ["FP64", "-inf", -Infinity],
    ["FP64", "Infinity", Infinity],
    ["FP32", 0.1, Math.fround(0.1)],
    ["FP16", "1.5", float16Bits(1.5)],
    ["INT64", "9007199254740993", 9007199254740993n],
    ["INT64", "3.0", 3n],
    ["INT64", 1e3, 1000n],
    ["INT32", "-12", -12],
    ["UINT8", "+255", 255],
    ["BOOL", "True", 1],
    ["BOOL", 0, 0],
    ["BYTES", 12, "12"],
    ["BYTES", null, ""],
  ];
  for (const [datatype, cell, value] of cases) {
    it(`makes ${String(cell)} ${datatype}`, () => assert.equal(written(datatype, cell), value));
  }

  for (const cell of ["", " ", "NaN", "nan", "NA", "null", "?", null, undefined]) {
    it(`takes ${JSON.stringify(cell)} for a missing number`, () =>
      assert.ok(Number.isNaN(written("FP32", cell) as number)));
  }

  const wrong: [Datatype, Cell, string][] = [
    ["FP32", "abc", "is not a number"],
    ["FP32", "1,5", "is not a number"],
    ["FP32", "0x10", "is not a number"],
    ["INT64", "1.5", "is not a whole number"],
    ["INT64", NaN, "is missing, which a whole number cannot be; fill it in or leave the row out"],
    ["INT64", "", "is missing, which a whole number cannot be; fill it in or leave the row out"],
    ["INT64", "9223372036854775808", "is outside of INT64"],
    ["UINT64", "-1", "is outside of UINT64"],
    ["INT8", 128, "is outside of INT8, -128 to 127"],
    ["BOOL", "yes", "is neither true nor false"],
    ["BOOL", 2, "is neither true nor false"],
  ];
  for (const [datatype, cell, message] of wrong) {
    it(`refuses ${String(cell)} as ${datatype}`, () =>
      assert.throws(() => written(datatype, cell), { message }));
  }
});
