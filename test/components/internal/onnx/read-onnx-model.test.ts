import assert from "node:assert";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readOnnxModel } from "../../../../components/internal/onnx/read-onnx-model";
import { UnreadableModel } from "../../../../components/internal/onnx/wire-file";
import {
  externalTensor,
  functionProto,
  graphProto,
  message,
  onnxFile,
  singleNode,
  TestFolder,
  type TestModel,
} from "../../support/onnx-file";

const SILERO = join(__dirname, "../../../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx");

describe("readOnnxModel", () => {
  let folder: TestFolder;
  before(() => (folder = new TestFolder()));
  after(() => folder.remove());

  const read = (model: TestModel | Uint8Array) =>
    readOnnxModel(folder.write("model.onnx", model instanceof Uint8Array ? model : onnxFile(model)));
  const refusal = (bytes: Uint8Array | string): string => {
    const file = folder.write("refused.onnx", bytes);
    try {
      readOnnxModel(file);
    } catch (error) {
      assert.ok(error instanceof UnreadableModel, String(error));
      return error.message;
    }
    return "";
  };

  it("reads format, opsets, producer, inputs and outputs", () => {
    const model = read({
      nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
      inputs: [
        { name: "x", type: 1, shape: ["batch", 3, -1] },
        { name: "any", type: 7 },
      ],
      outputs: [{ name: "y", type: 11, shape: [] }],
      irVersion: 9,
      opsets: { "ai.onnx": 18, "com.microsoft": 1 },
    });
    assert.equal(model.irVersion, 9);
    assert.deepEqual(
      [...model.opsets],
      [
        ["", 18],
        ["com.microsoft", 1],
      ],
    );
    assert.equal(model.producer, "test 1.0");
    assert.deepEqual(model.inputs, [
      { name: "x", kind: "tensor", elementType: 1, shape: ["batch", 3, -1] },
      { name: "any", kind: "tensor", elementType: 7, shape: undefined },
    ]);
    assert.deepEqual(model.outputs, [{ name: "y", kind: "tensor", elementType: 11, shape: [] }]);
  });

  it("reads a real model as onnxruntime does", () => {
    const model = readOnnxModel(SILERO);
    assert.deepEqual(
      model.inputs.map(({ name, elementType, shape }) => [name, elementType, shape]),
      [
        ["input", 1, [-1, -1]],
        ["state", 1, [2, -1, 128]],
        ["sr", 7, []],
      ],
    );
    const names = new Set(model.operators.map(({ op }) => op));
    // LSTM and Conv lie in the branches of an If.
    for (const op of ["If", "LSTM", "Conv"]) assert.ok(names.has(op), op);
  });

  it("does not count weights among the inputs, as files of IR version 3 do", () => {
    const weights = message([1, 1], [2, 1], [8, "w"], [9, new Uint8Array(4)]);
    const inputs = ["x", "w"].map((name) => ({ name, type: 1, shape: [1] }));
    assert.deepEqual(
      read({ inputs, initializers: [weights], irVersion: 3 }).inputs.map(({ name }) => name),
      ["x"],
    );
  });

  it("knows the operators of subgraphs, with the types of the graph around them", () => {
    const branch = graphProto({ nodes: [{ op: "Conv", name: "inner", inputs: ["x"], outputs: ["b"] }] });
    const attributes = [message([1, "then_branch"], [6, branch])];
    const { operators } = read({
      nodes: [{ op: "If", inputs: ["c"], outputs: ["y"], attributes }],
      inputs: [
        { name: "x", type: 11 },
        { name: "c", type: 9 },
      ],
    });
    assert.deepEqual(operators, [
      { domain: "", op: "Conv", opset: 17, node: "inner", elementType: 11 },
      { domain: "", op: "If", opset: 17, node: "y", elementType: 9 },
    ]);
  });

  it("follows types through operators that keep them, and through casts", () => {
    const to = message([1, "to"], [3, 10], [20, 2]);
    const { operators } = read({
      nodes: [
        { op: "Relu", inputs: ["x"], outputs: ["a"] },
        { op: "Cast", inputs: ["a"], outputs: ["b"], attributes: [to] },
        { op: "Neg", inputs: ["b"], outputs: ["c"] },
        { op: "Shape", inputs: ["c"], outputs: ["d"] },
        { op: "Abs", inputs: ["d"], outputs: ["e"] },
      ],
      inputs: [{ name: "x", type: 1 }],
    });
    assert.deepEqual(
      operators.map(({ op, elementType }) => [op, elementType]),
      [
        ["Relu", 1],
        ["Cast", 1],
        ["Neg", 10],
        ["Shape", 10],
        ["Abs", undefined],
      ],
    );
  });

  it("looks into the functions that are called, at their own opsets, and into no others", () => {
    const { operators } = read({
      nodes: [{ op: "Mine", domain: "acme", inputs: ["x"], outputs: ["y"] }],
      inputs: [{ name: "x", type: 1 }],
      opsets: { "": 17, acme: 1 },
      functions: [
        functionProto("Mine", "acme", [{ op: "Deep", domain: "acme" }], { acme: 1 }),
        functionProto(
          "Deep",
          "acme",
          [
            { op: "Gelu", outputs: ["g"] },
            { op: "Mine", domain: "acme" },
          ],
          { "": 20 },
        ),
        functionProto("Unused", "acme", [{ op: "Nowhere" }], { "": 20 }),
      ],
    });
    assert.deepEqual(operators, [{ domain: "", op: "Gelu", opset: 20, node: "g", elementType: undefined }]);
  });

  it("names the files that hold weights, with the bytes that they need", () => {
    const constant = message([1, "value"], [5, externalTensor("c", "constant.bin", 8)]);
    const { externalData } = read({
      nodes: [{ op: "Constant", outputs: ["c"], attributes: [constant] }],
      initializers: [externalTensor("a", "weights.bin", 64), externalTensor("b", "weights.bin", 16)],
    });
    assert.deepEqual(externalData, [
      { location: "constant.bin", bytes: 8 },
      { location: "weights.bin", bytes: 64 },
    ]);
  });

  it("steps over weights: 10 GB take neither memory nor time", () => {
    const size = 10 * 1000 ** 3;
    // A graph whose one tensor has its data at the end of a file with a hole.
    const varint = (value: number): number[] =>
      value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
    const tensor = [0x08, 1, 0x10, 1, 0x42, 1, 0x77, 0x4a, ...varint(size)];
    const graph = [0x2a, ...varint(tensor.length + size), ...tensor];
    const head = [0x08, 8, 0x42, 2, 0x10, 17, 0x3a, ...varint(graph.length + size), ...graph];
    const file = folder.write("large.onnx", "");
    const descriptor = openSync(file, "r+");
    writeSync(descriptor, Buffer.from(head));
    ftruncateSync(descriptor, head.length + size);
    closeSync(descriptor);
    const before = process.memoryUsage().rss;
    const started = process.cpuUsage();
    assert.equal(readOnnxModel(file).irVersion, 8);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 300_000, `${user + system} µs`);
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  });

  const valid = onnxFile(singleNode({ op: "Relu" }, 1));
  const nested = (depth: number): Uint8Array =>
    Array.from({ length: depth }).reduce<Uint8Array>(
      (inner) => graphProto({ nodes: [{ op: "If", attributes: [message([1, "then_branch"], [6, inner])] }] }),
      graphProto({}),
    );
  const refused: [string, Uint8Array | string, string][] = [
    ["an empty file", "", "is empty"],
    ["a text", "hello", "is no ONNX model: byte 2 is not what protobuf has there"],
    [
      "a pointer of Git LFS",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
      "is a pointer of Git LFS and not the model; fetch it with `git lfs pull`",
    ],
    [
      "a checkpoint of PyTorch",
      "PK\x03\x04archive/data.pkl",
      "is a ZIP archive, as PyTorch saves models; export the model to ONNX",
    ],
    [
      "the ORT format",
      "\x18\0\0\0ORTM",
      "is in the ORT format, which does not tell its operators; give the ONNX model",
    ],
    [
      "one that was cut off",
      valid.subarray(0, valid.length - 3),
      `is cut off, or no ONNX model: it has ${valid.length - 3} bytes, but a field at byte ${valid.length - 6} goes on to byte ${valid.length}`,
    ],
    ["zeros", new Uint8Array(64), "is no ONNX model: byte 0 is not what protobuf has there"],
    ["a message without a graph", message([1, 8], [2, "pytorch"]), "is no ONNX model: it has no graph"],
    [
      "a graph without a format",
      message([7, graphProto({})]),
      "is no ONNX model: it has no version of the format (`ir_version`)",
    ],
    [
      "an enormous length",
      Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      "is cut off, or no ONNX model: it has 8 bytes, but a field at byte 0 goes on to byte 70368744177671",
    ],
    [
      "graphs in graphs without end",
      message([1, 8], [7, nested(60)]),
      "holds messages more than 100 deep, as no ONNX model does",
    ],
    [
      "an enormous name",
      message([1, 8], [2, "x".repeat(70_000)]),
      "holds a name of 70000 bytes at byte 6, as no ONNX model does",
    ],
  ];
  for (const [what, bytes, sentence] of refused) {
    it(`refuses ${what}`, () => assert.equal(refusal(bytes), sentence));
  }

  it("refuses a folder", () => {
    assert.throws(() => readOnnxModel(folder.path), { message: "is no file" });
  });

  it("takes any bytes without another error, in bounded time", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        refusal(bytes);
      }),
      { numRuns: 100, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true },
    );
  });

  it("takes any change of a real model without another error, in bounded time", () => {
    const silero = readFileSync(SILERO);
    const change = fc.tuple(fc.nat(silero.length - 1), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 20 }),
        fc.nat(silero.length),
        (changes, end) => {
          const bytes = Buffer.from(silero.subarray(0, end % 2 === 0 ? silero.length : end));
          // Most of the file is weights; its graph lies in the first part.
          for (const [at, value] of changes)
            if (bytes.length > 0) bytes[at % Math.min(bytes.length, 40_000)] = value;
          refusal(bytes);
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: true },
    );
  });
});
