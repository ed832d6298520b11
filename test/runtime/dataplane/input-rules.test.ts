import assert from "node:assert/strict";
import type { Datatype, TensorData } from "../../../runtime/dataplane/datatypes";
import { float16Bits } from "../../../runtime/dataplane/float16";
import { compileInputRules } from "../../../runtime/dataplane/input-rules";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { InputRules } from "../../../runtime/models/model-config-types";

const specOf = (datatype: Datatype, shape: readonly number[] = [-1]) => ({
  inputs: [
    { name: "other", datatype: "FP32" as Datatype, shape: [-1] },
    { name: "x", datatype, shape },
  ],
  outputs: [],
});
const other: Tensor = { name: "other", datatype: "FP32", shape: [1], data: new Float32Array([NaN]) };

/** The check's sentence for one input's data, or nothing. */
function verdict(
  datatype: Datatype,
  rules: InputRules,
  data: TensorData,
  shape = [data.length],
): string | undefined {
  const check = compileInputRules(
    "m",
    specOf(
      datatype,
      shape.map(() => -1),
    ),
    { x: rules },
  )!;
  try {
    check([other, { name: "x", datatype, shape, data }]);
    return undefined;
  } catch (error) {
    assert.equal((error as { code?: string }).code, "InvalidArgument");
    return (error as Error).message;
  }
}

describe("compileInputRules", () => {
  it("is nothing without rules", () => {
    assert.equal(compileInputRules("m", specOf("FP32"), undefined), undefined);
    assert.equal(compileInputRules("m", specOf("FP32"), {}), undefined);
    assert.equal(compileInputRules("m", specOf("FP32"), { x: { finite: false } }), undefined);
  });

  const half = (...values: number[]) => Uint16Array.from(values, float16Bits);
  const accepted: [string, Datatype, InputRules, TensorData][] = [
    ["numbers at the bounds", "FP32", { min: 0, max: 130 }, new Float32Array([0, 130])],
    ["the nearest FP32 of a bound", "FP32", { min: -0.1, max: 0.1 }, new Float32Array([-0.1, 0.1])],
    ["the nearest FP16 of a bound", "FP16", { max: 0.1 }, half(0.1)],
    ["infinities where nothing forbids them", "FP64", { min: 0 }, new Float64Array([Infinity])],
    ["finite numbers", "FP32", { finite: true }, new Float32Array([3.4e38, -3.4e38])],
    [
      "the largest integers",
      "INT64",
      { min: -(2 ** 63), max: 2 ** 63 },
      new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
    ],
    ["texts by characters", "BYTES", { minLength: 2, maxLength: 2 }, ["ab", "😀😀"]],
    ["an empty text where no length is asked for", "BYTES", { maxLength: 1 }, [""]],
    ["listed texts", "BYTES", { values: ["red", "green"] }, ["green", "red"]],
    ["listed integers", "UINT8", { values: [1, 2] }, new Uint8Array([2, 1])],
    [
      "listed large integers",
      "UINT64",
      { values: [7, "18446744073709551615"] },
      new BigUint64Array([7n, 2n ** 64n - 1n]),
    ],
    ["listed fractions", "FP32", { values: [0.1] }, new Float32Array([0.1])],
    ["listed halves", "FP16", { values: [0.5, 0.1] }, half(0.1, 0.5)],
  ];
  for (const [what, datatype, rules, data] of accepted) {
    it(`takes ${what}`, () => assert.equal(verdict(datatype, rules, data), undefined));
  }

  const refused: [Datatype, InputRules, TensorData, string][] = [
    [
      "FP32",
      { min: 0, max: 130 },
      new Float32Array([1, 2, 3, 212]),
      "Input `x` holds 212 at element 3, must be at most 130.",
    ],
    [
      "FP64",
      { min: 0, max: 130 },
      new Float64Array([-0.5]),
      "Input `x` holds -0.5 at element 0, must be at least 0.",
    ],
    ["FP32", { max: 130 }, new Float32Array([NaN]), "Input `x` holds NaN at element 0, must be at most 130."],
    [
      "FP32",
      { min: 0, finite: true },
      new Float32Array([1, NaN]),
      "Input `x` holds NaN at element 1, must be finite.",
    ],
    [
      "FP32",
      { finite: true },
      new Float32Array([-Infinity]),
      "Input `x` holds -Infinity at element 0, must be finite.",
    ],
    ["FP16", { finite: true }, half(1, Infinity), "Input `x` holds Infinity at element 1, must be finite."],
    ["FP16", { max: 2 }, half(2.5), "Input `x` holds 2.5 at element 0, must be at most 2."],
    ["INT8", { min: -1 }, new Int8Array([-2]), "Input `x` holds -2 at element 0, must be at least -1."],
    [
      "INT64",
      { max: 2 ** 53 },
      new BigInt64Array([2n ** 53n + 1n]),
      "Input `x` holds 9007199254740993 at element 0, must be at most 9007199254740992.",
    ],
    [
      "UINT64",
      { min: 0.5 },
      new BigUint64Array([0n]),
      "Input `x` holds 0 at element 0, must be at least 0.5.",
    ],
    [
      "BYTES",
      { maxLength: 3 },
      ["abc", "abcd"],
      "Input `x` holds a text of 4 characters at element 1, must have at most 3.",
    ],
    [
      "BYTES",
      { maxLength: 1 },
      ["😀a"],
      "Input `x` holds a text of 2 characters at element 0, must have at most 1.",
    ],
    [
      "BYTES",
      { minLength: 1 },
      [""],
      "Input `x` holds a text of 0 characters at element 0, must have at least 1.",
    ],
    ["BYTES", { values: ["red"] }, ["blue"], 'Input `x` holds "blue" at element 0, must be one of "red".'],
    [
      "INT32",
      { values: [1, 2] },
      new Int32Array([1, 3]),
      "Input `x` holds 3 at element 1, must be one of 1, 2.",
    ],
    [
      "UINT8",
      { values: Array.from({ length: 12 }, (_, i) => i) },
      new Uint8Array([12]),
      "Input `x` holds 12 at element 0, must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … (12 in all).",
    ],
  ];
  for (const [datatype, rules, data, message] of refused) {
    it(`says ${message}`, () => assert.equal(verdict(datatype, rules, data), message));
  }

  it("checks sizes, leaving free what is null", () => {
    const rules = { minShape: [null, 2], maxShape: [4, null] };
    const sized = (...shape: number[]) => verdict("BOOL", rules, new Uint8Array(1), shape);
    assert.equal(sized(4, 2), undefined);
    assert.equal(sized(1, 1000), undefined);
    assert.equal(sized(5, 2), "Input `x` has the shape [5, 2], whose dimension 0 must be at most 4.");
    assert.equal(sized(4, 1), "Input `x` has the shape [4, 1], whose dimension 1 must be at least 2.");
  });

  const unsuitable: [Datatype, readonly number[], Record<string, InputRules>, string][] = [
    [
      "FP32",
      [-1],
      { y: {} },
      "`validation` in `model.json` names the input `y`, but model `m` takes `other`, `x`.",
    ],
    [
      "BYTES",
      [-1],
      { x: { min: 0 } },
      "`validation.x.min` in `model.json` is for numbers, but the input is BYTES.",
    ],
    [
      "BOOL",
      [-1],
      { x: { max: 1 } },
      "`validation.x.max` in `model.json` is for numbers, but the input is BOOL.",
    ],
    [
      "INT32",
      [-1],
      { x: { finite: true } },
      "`validation.x.finite` in `model.json` is for FP16, FP32 and FP64, but the input is INT32.",
    ],
    [
      "FP32",
      [-1],
      { x: { maxLength: 1 } },
      "`validation.x.maxLength` in `model.json` is for texts (BYTES), but the input is FP32.",
    ],
    [
      "FP32",
      [-1, 3],
      { x: { maxShape: [1] } },
      "`validation.x.maxShape` in `model.json` has 1 dimensions, but the input has 2.",
    ],
    [
      "FP32",
      [-1, 3],
      { x: { minShape: [1, 4] } },
      "`validation.x.minShape` in `model.json` does not allow the size 3 that dimension 1 of the input always has.",
    ],
    ["BOOL", [-1], { x: { values: [1] } }, "`validation.x.values` in `model.json` is not for BOOL."],
    [
      "BYTES",
      [-1],
      { x: { values: [1] } },
      "`validation.x.values` in `model.json` holds 1, but the input is BYTES: it must hold texts.",
    ],
    [
      "FP32",
      [-1],
      { x: { values: ["1"] } },
      '`validation.x.values` in `model.json` holds "1", but the input is FP32: it must hold numbers.',
    ],
    [
      "INT64",
      [-1],
      { x: { values: [2 ** 53] } },
      "`validation.x.values` in `model.json` holds 9007199254740992, but the input is INT64: it must hold whole numbers, those beyond 2^53 as texts of digits.",
    ],
  ];
  for (const [datatype, shape, rules, message] of unsuitable) {
    it(`refuses at load: ${message}`, () =>
      assert.throws(() => compileInputRules("m", specOf(datatype, shape), rules), { message }));
  }
});
