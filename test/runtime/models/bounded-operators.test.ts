import assert from "node:assert/strict";
import { isBounded } from "../../../runtime/models/bounded-operators";
import {
  onnxModel,
  type InitializerDeclaration,
  type NodeDeclaration,
  type TensorDeclaration,
} from "../../support/onnx-model";

const x: TensorDeclaration = { name: "x", type: "float32", shape: ["rows", 4] };
const n: TensorDeclaration = { name: "n", type: "int64", shape: [1] };
const TWO: InitializerDeclaration = { name: "two", shape: [2], data: BigInt64Array.of(1n, 4n) };

const bounded = (nodes: NodeDeclaration[], inputs = [x, n]) => isBounded(onnxModel(nodes, inputs, [], [TWO]));
const node = (op: string, ...inputs: string[]): NodeDeclaration => ({ op, inputs, outputs: ["y"] });

describe("isBounded", () => {
  const sized: [string, (size: string) => NodeDeclaration][] = [
    ["Expand", (size) => node("Expand", "x", size)],
    ["ConstantOfShape", (size) => node("ConstantOfShape", size)],
    ["Range", (size) => node("Range", "two", size, "two")],
    ["Tile", (size) => node("Tile", "x", size)],
    ["Pad", (size) => node("Pad", "x", size)],
    ["OneHot", (size) => node("OneHot", "x", size, "two")],
    ["Resize", (size) => node("Resize", "x", "", "", size)],
    ["Upsample", (size) => node("Upsample", "x", size)],
    ["CenterCropPad", (size) => node("CenterCropPad", "x", size)],
  ];
  for (const [op, made] of sized) {
    it(`holds for ${op} as large as a constant or a shape says, and not as the client says`, () => {
      assert.equal(bounded([made("two")]), true);
      assert.equal(bounded([{ op: "Shape", inputs: ["x"], outputs: ["s"] }, made("s")]), true);
      assert.equal(bounded([made("n")]), false);
      const computed = { op: "Mul", inputs: ["n", "two"], outputs: ["m"] };
      assert.equal(bounded([computed, made("m")]), false);
    });
  }

  it("holds for operators whose work follows from shapes, and for constants that are declared as inputs", () => {
    assert.equal(bounded([node("MatMul", "x", "x")]), true);
    assert.equal(bounded([{ ...node("MatMul", "x", "x"), domain: "ai.onnx" }]), true);
    assert.equal(bounded([node("TreeEnsembleRegressor", "x")]), true);
    const two: TensorDeclaration = { name: "two", type: "int64", shape: [2] };
    assert.equal(bounded([node("Expand", "x", "two")], [x, two]), true);
  });

  it("does not hold for what is not known to be so", () => {
    for (const op of ["Loop", "Scan", "StringSplit", "SequenceMap", "NextYear"]) {
      assert.equal(bounded([node(op, "x")]), false);
    }
    assert.equal(isBounded(Buffer.from("onnx")), false);
  });
});
