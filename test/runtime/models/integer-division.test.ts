import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { refusedDivision, type Rules } from "../../../runtime/models/integer-division";
import { RunningServer } from "../support/running-server";
import { modelFolder } from "../support/model-folder";
import {
  ELEMENT,
  onnxModel,
  type ElementType,
  type NodeDeclaration,
  type TensorDeclaration,
} from "../../support/onnx-model";

const input = (name: string, type: ElementType): TensorDeclaration => ({ name, type, shape: ["rows", 1] });
const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes?: NodeDeclaration["attributes"],
): NodeDeclaration => ({ op, inputs, outputs: [output], attributes });

const THREE = { name: "three", shape: [1], data: BigInt64Array.of(3n) };
const divide = node("Div", ["a", "b"], "y");

function refused(
  nodes: readonly NodeDeclaration[],
  types: readonly [ElementType, ElementType] = ["int64", "int64"],
  rules: Rules = {},
): string | undefined {
  const inputs = [input("a", types[0]), input("b", types[1])];
  return refusedDivision(onnxModel(nodes, inputs, [], [THREE]), rules);
}

const SENTENCE =
  '`Div` in `model.onnx` divides INT32 numbers by the values of the input `b`: -2147483648 and -1 would end the server. Give `b` a rule under `validation` in `model.json` that leaves -1 out, such as `{"min": 0}`, or divide floating-point numbers in the model.';

describe("refusedDivision", () => {
  it("names the operator, the type, the input and the way out", () =>
    assert.equal(refused([divide], ["int32", "int32"]), SENTENCE));

  const refusals: [string, NodeDeclaration[], [ElementType, ElementType]?][] = [
    ["long numbers", [divide]],
    ["remainders", [node("Mod", ["a", "b"], "y")]],
    ["a divisor that was moved", [node("Reshape", ["b", "three"], "m"), node("Div", ["a", "m"], "y")]],
    ["one of several that were joined", [node("Concat", ["three", "b"], "m"), node("Div", ["a", "m"], "y")]],
    [
      "one that was cast",
      [node("Cast", ["b"], "m", { to: ELEMENT.int64 }), node("Div", ["a", "m"], "y")],
      ["int64", "float32"],
    ],
    ["a dividend that is computed", [node("Mul", ["a", "a"], "m"), node("Div", ["m", "b"], "y")]],
  ];
  for (const [what, nodes, types] of refusals) {
    it(`refuses ${what}`, () => assert.ok(refused(nodes, types)));
  }

  it("knows ONNX's own operators by both names of their domain, and no others", () => {
    const reshape = { ...node("Reshape", ["b", "three"], "m"), domain: "ai.onnx" };
    assert.ok(refused([{ ...divide, domain: "ai.onnx" }]));
    assert.ok(refused([reshape, node("Div", ["a", "m"], "y")]));
    assert.equal(refused([{ ...divide, domain: "com.example" }]), undefined);
  });

  const allowed: [string, NodeDeclaration[], [ElementType, ElementType]?][] = [
    ["floating-point numbers", [divide], ["float32", "float32"]],
    ["unsigned numbers", [divide], ["uint32", "uint32"]],
    ["remainders as C makes them", [node("Mod", ["a", "b"], "y", { fmod: 1 })]],
    ["constants", [node("Div", ["a", "three"], "y")]],
    ["a constant dividend", [node("Div", ["three", "b"], "y")]],
    ["a dividend that follows from shapes", [node("Shape", ["a"], "s"), node("Div", ["s", "b"], "y")]],
    [
      "shapes, as exporters divide them",
      [
        node("Shape", ["a"], "s"),
        node("Gather", ["s", "three"], "g"),
        node("Mul", ["g", "three"], "m"),
        node("Div", ["a", "m"], "y"),
      ],
    ],
    ["a divisor that is computed", [node("Max", ["b", "three"], "m"), node("Div", ["a", "m"], "y")]],
    [
      "a dividend of a narrower type",
      [node("Cast", ["a"], "m", { to: ELEMENT.int64 }), node("Div", ["m", "b"], "y")],
      ["int32", "int64"],
    ],
    [
      "a divisor of an unsigned narrower type",
      [node("Cast", ["b"], "m", { to: ELEMENT.int64 }), node("Div", ["a", "m"], "y")],
      ["int64", "uint8"],
    ],
  ];
  for (const [what, nodes, types] of allowed) {
    it(`lets ${what} pass`, () => assert.equal(refused(nodes, types), undefined));
  }

  it("lets a model pass whose inputs are checked so that the pair cannot come", () => {
    const suit: Rules[] = [
      { b: { min: 0 } },
      { b: { max: -2 } },
      { b: { values: [1, 2] } },
      { a: { min: -1000 } },
    ];
    for (const rules of suit) assert.equal(refused([divide], undefined, rules), undefined);
    const others: Rules[] = [
      { b: { min: -1 } },
      { b: { max: 5 } },
      { b: { values: ["-1"] } },
      { a: { max: 0 } },
    ];
    for (const rules of others) {
      assert.ok(refused([divide], undefined, rules), JSON.stringify(rules));
    }
  });

  it("leaves what is no ONNX model to onnxruntime", () =>
    assert.equal(refusedDivision(Buffer.from("onnx")), undefined));
});

describe("a division that would end the server", () => {
  const model = onnxModel([divide], [input("a", "int32"), input("b", "int32")], [input("y", "int32")]);

  it("does so in onnxruntime", function () {
    // Other processors' instructions give a number.
    if (process.arch !== "x64") this.skip();
    const file = join(modelFolder({ "m.onnx": model }), "m.onnx");
    const program = `
      const ort = require("onnxruntime-node");
      ort.InferenceSession.create(${JSON.stringify(file)}).then((session) => session.run({
        a: new ort.Tensor("int32", Int32Array.of(-2147483648), [1, 1]),
        b: new ort.Tensor("int32", Int32Array.of(-1), [1, 1]),
      }));`;
    const { signal } = spawnSync(process.execPath, ["-e", program], { cwd: __dirname, timeout: 60_000 });
    assert.equal(signal, "SIGFPE");
  });

  it("is not served, but is where the model's rules leave the pair out", async () => {
    const rules = JSON.stringify({ validation: { b: { min: 0 } } });
    const server = await RunningServer.start(
      modelFolder({ "bare/1/model.onnx": model, "checked/1/model.onnx": model, "checked/model.json": rules }),
    );
    try {
      const tensor = (name: string, value: number) => ({
        name,
        datatype: "INT32",
        shape: [1, 1],
        data: [value],
      });
      const request = (a: number, b: number) => ({ inputs: [tensor("a", a), tensor("b", b)] });
      const refusal = await server.infer("bare", request(6, 3));
      assert.deepEqual([refusal.status, refusal.body.error.includes(SENTENCE)], [503, true]);
      assert.deepEqual((await server.infer("checked", request(6, 3))).body.outputs[0].data, [2]);
      assert.equal((await server.infer("checked", request(-2147483648, -1))).status, 400);
      assert.equal((await server.infer("checked", request(6, 0))).status, 400);
    } finally {
      await server.close();
    }
  });
});
