import assert from "node:assert/strict";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { PipelineCondition } from "../../../runtime/models/model-config-types";
import { covers, matches, singleValue } from "../../../runtime/pipelines/condition";

describe("matches", () => {
  const cases: [PipelineCondition, unknown, boolean][] = [
    [{ parameter: "p", in: ["a", "b"] }, "b", true],
    [{ parameter: "p", in: ["a"] }, "A", false],
    [{ parameter: "p", in: ["a"] }, undefined, false],
    [{ parameter: "p", in: [1] }, "1", false],
    [{ parameter: "p", in: [1] }, 1n, true],
    [{ parameter: "p", in: [1.5] }, 1n, false],
    [{ parameter: "p", in: [9007199254740992] }, 9007199254740993n, false],
    [{ parameter: "p", in: ["1"] }, 1n, false],
    [{ parameter: "p", in: [true] }, true, true],
    [{ parameter: "p", in: [true] }, 1, false],
    [{ parameter: "p", min: 1, max: 2 }, 1, true],
    [{ parameter: "p", min: 1, max: 2 }, 2, true],
    [{ parameter: "p", min: 1, max: 2 }, 2.0001, false],
    [{ parameter: "p", min: 1 }, 9007199254740993n, true],
    [{ parameter: "p", max: 1 }, NaN, false],
    [{ parameter: "p", min: 0 }, "5", false],
    [{ otherwise: true }, undefined, true],
  ];
  for (const [when, value, expected] of cases) {
    const shown = typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
    it(`says ${expected} for ${shown} and ${JSON.stringify(when)}`, () =>
      assert.equal(matches(when, value), expected));
  }
});

describe("covers", () => {
  const cases: [PipelineCondition, PipelineCondition, boolean][] = [
    [{ parameter: "p", min: 0 }, { parameter: "p", in: [1, 2] }, true],
    [{ parameter: "p", min: 2 }, { parameter: "p", in: [1, 2] }, false],
    [{ parameter: "p", min: 0 }, { parameter: "q", in: [1] }, false],
    [{ parameter: "p", min: 0 }, { tensor: "p", min: 0 }, false],
    [{ parameter: "p", min: 0, max: 9 }, { parameter: "p", min: 1, max: 9 }, true],
    [{ parameter: "p", min: 0, max: 9 }, { parameter: "p", min: 1 }, false],
    [{ parameter: "p", in: [1] }, { parameter: "p", min: 1, max: 1 }, false],
    [{ parameter: "p", in: [1] }, { otherwise: true }, false],
    [{ otherwise: true }, { otherwise: true }, true],
  ];
  for (const [earlier, later, expected] of cases) {
    it(`says ${expected} for ${JSON.stringify(earlier)} before ${JSON.stringify(later)}`, () =>
      assert.equal(covers(earlier, later), expected));
  }
});

describe("singleValue", () => {
  const tensor = (datatype: Tensor["datatype"], data: Tensor["data"]): Tensor => ({
    name: "t",
    datatype,
    shape: [data.length],
    data,
  });
  const cases: [Tensor, unknown][] = [
    [tensor("FP16", Uint16Array.of(0x3e00)), 1.5],
    [tensor("BOOL", Uint8Array.of(1)), true],
    [tensor("UINT8", Uint8Array.of(1)), 1],
    [tensor("INT64", BigInt64Array.of(-3n)), -3n],
    [tensor("BYTES", ["en"]), "en"],
  ];
  for (const [given, expected] of cases) {
    it(`reads ${given.datatype}`, () => assert.equal(singleValue(given), expected));
  }

  it("refuses several values", () => {
    assert.throws(() => singleValue(tensor("FP32", Float32Array.of(1, 2))), {
      code: "InvalidArgument",
      message: "The pipeline chooses by the single value of `t`, but it has 2.",
    });
  });
});
