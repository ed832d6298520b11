import assert from "node:assert/strict";
import type { TensorData } from "../../../runtime/dataplane/datatypes";
import { isInputMistake } from "../../../runtime/models/input-mistake";
import { loadLibrary, SessionRunner } from "../../../runtime/models/session-runner";
import { onnxModel, type ElementType, type TensorDeclaration } from "../../support/onnx-model";

interface Fed {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

const whole = (...values: (number | bigint)[]): Fed => ({
  type: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
});
const scalar = (value: number | bigint): Fed => ({ ...whole(value), dims: [] });
const int32 = (value: number): Fed => ({ type: "int32", dims: [1], data: Int32Array.of(value) });
const real = (...values: number[]): Fed => ({
  type: "float32",
  dims: [values.length],
  data: Float32Array.from(values),
});
const image: Fed = { ...real(1, 2, 3, 4), dims: [1, 1, 2, 2] };
const MUCH = 2n ** 50n;

/** Ranks of the outputs; they have the type of the first input unless one is named. */
type Outputs = readonly (number | readonly [ElementType, number])[];

/** What onnxruntime says of a node that is run on such inputs, whose sizes are free as far as it can be loaded then. */
async function failureOf(op: string, fed: readonly (Fed | undefined)[], outputs: Outputs): Promise<string> {
  const declared = (name: string, type: ElementType, rank: number): TensorDeclaration => ({
    name,
    type,
    shape: Array.from({ length: rank }, (_, i) => `${name}${i}`),
  });
  const given = fed.flatMap((input, i) => (input ? [{ ...input, name: `i${i}` }] : []));
  const results = outputs.map((output, i) =>
    typeof output === "number"
      ? declared(`o${i}`, given[0]!.type, output)
      : declared(`o${i}`, output[0], output[1]),
  );
  const node = {
    op,
    inputs: fed.map((input, i) => (input ? `i${i}` : "")),
    outputs: results.map(({ name }) => name),
  };
  const inputs = given.map(({ name, type, dims }) =>
    op === "Resize" ? { name, type, shape: dims } : declared(name, type, dims.length),
  );
  const ort = loadLibrary();
  const options = { logSeverityLevel: 4, intraOpNumThreads: 1 } as const;
  const session = await ort.InferenceSession.create(onnxModel([node], inputs, results), options);
  const runner = new SessionRunner(ort, session, true);
  try {
    await runner.run({ dims: given.map(({ dims }) => dims), data: given.map(({ data }) => data) });
    return "";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await session.release();
  }
}

const MISTAKES: [what: string, op: string, fed: (Fed | undefined)[], outputs: Outputs][] = [
  ["a division by zero", "Div", [int32(7), int32(0)], [1]],
  ["a division of long numbers by zero", "Div", [whole(7), whole(0)], [1]],
  ["a remainder by zero", "Mod", [int32(7), int32(0)], [1]],
  ["a step of zero", "Range", [scalar(0), scalar(5), scalar(0)], [1]],
  ["a negative number of the largest", "TopK", [real(1, 2), whole(-1)], [1, ["int64", 1]]],
  ["more of the largest than there are", "TopK", [real(1, 2), whole(9)], [1, ["int64", 1]]],
  ["negative repeats", "Tile", [real(1, 2), whole(-3)], [1]],
  ["too many repeats", "Tile", [real(1, 2), whole(2n ** 48n)], [1]],
  ["repeats of other dimensions", "Tile", [real(1, 2), whole(1, 2)], [1]],
  ["a shape that nothing expands to", "Expand", [real(1, 2), whole(3)], [1]],
  ["constants without end", "ConstantOfShape", [whole(MUCH)], [["float32", 1]]],
  ["constants of a negative size", "ConstantOfShape", [whole(-5)], [["float32", 1]]],
  ["a shape of other elements", "Reshape", [real(1, 2, 3, 4), whole(3)], [1]],
  ["two sizes that follow", "Reshape", [real(1, 2, 3, 4), whole(-1, -1)], [2]],
  ["more taken away than there is", "Pad", [real(1, 2), whole(-9, 0)], [1]],
  ["an index that is not there", "Gather", [real(1, 2), whole(9)], [1]],
  ["an index of several that is not there", "GatherND", [real(1, 2), { ...whole(9), dims: [1, 1] }], [1]],
  ["a place that is not there", "ScatterElements", [real(1, 2), whole(9), real(1)], [1]],
  ["slices in steps of zero", "Slice", [real(1, 2), whole(0), whole(2), whole(0), whole(0)], [1]],
  ["slices along an axis that is not there", "Slice", [real(1, 2), whole(0), whole(2), whole(7)], [1]],
  ["an axis that is not there", "CumSum", [real(1, 2), scalar(7)], [1]],
  ["parts that are too large", "Split", [real(1, 2, 3, 4), whole(3, 3)], [1, 1]],
  ["parts of a negative size", "Split", [real(1, 2, 3, 4), whole(-1, 5)], [1, 1]],
  ["a negative depth", "OneHot", [whole(0), whole(-3), real(0, 1)], [["float32", 2]]],
  ["a negative size of an image", "Resize", [image, undefined, undefined, whole(1, 1, -4, 2)], [4]],
];

describe("isInputMistake", () => {
  for (const [what, op, fed, outputs] of MISTAKES) {
    it(`finds ${what} in what onnxruntime says`, async () => {
      const failure = await failureOf(op, fed, outputs);
      assert.ok(isInputMistake(failure), failure || "it ran");
    });
  }

  it("does not blame clients for the server's or the model's faults", () => {
    const running = (op: string) =>
      `Non-zero status code returned while running ${op} node. Name:'' Status Message: `;
    for (const failure of [
      `${running("Conv")}Failed to allocate memory for requested buffer of size 1024`,
      // A value asked for it, and nobody knows whether the client or the model made the value.
      `${running("Expand")}Failed to allocate memory for requested buffer of size 4503599627370752`,
      `${running("If")}the condition is not set`,
      "CUDA failure 700: an illegal memory access was encountered",
    ]) {
      assert.equal(isInputMistake(failure), false, failure);
    }
  });
});
