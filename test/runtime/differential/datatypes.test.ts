import assert from "node:assert/strict";
import { join } from "node:path";
import pino from "pino";
import { DATATYPES, type Datatype, type TensorData } from "../../../runtime/dataplane/datatypes";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import type { ModelMetrics } from "../../../runtime/metrics/model-metrics";
import { refusedType } from "../../../runtime/models/element-types";
import { ServedModel } from "../../../runtime/models/served-model";
import { identityModel, onnxModel, type ElementType, type TensorDeclaration } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";

const TYPES = Object.keys(DATATYPES) as Datatype[];
const metrics = new Proxy({} as ModelMetrics, { get: () => () => undefined });

function load(model: Buffer): Promise<ServedModel> {
  return ServedModel.load({
    name: "types",
    version: "1",
    file: join(modelFolder({ "model.onnx": model }), "model.onnx"),
    config: { sha256: {}, batching: false },
    instances: 1,
    intraOpThreads: 1,
    maxQueueSize: 10,
    metrics,
    log: pino({ level: "silent" }),
  });
}

/** The extremes of each type, and what is often lost on the way. */
const VALUES: Record<Datatype, TensorData> = {
  BOOL: Uint8Array.of(0, 1, 1, 0),
  UINT8: Uint8Array.of(0, 1, 254, 255),
  UINT16: Uint16Array.of(0, 1, 65534, 65535),
  UINT32: Uint32Array.of(0, 1, 4294967294, 4294967295),
  UINT64: BigUint64Array.of(0n, 1n, 2n ** 53n + 1n, 2n ** 64n - 1n),
  INT8: Int8Array.of(-128, -1, 0, 127),
  INT16: Int16Array.of(-32768, -1, 0, 32767),
  INT32: Int32Array.of(-2147483648, -1, 0, 2147483647),
  INT64: BigInt64Array.of(-(2n ** 63n), -1n, 2n ** 53n + 1n, 2n ** 63n - 1n),
  // 1, -0, infinity, a NaN with a payload
  FP16: Uint16Array.of(0x3c00, 0x8000, 0x7c00, 0x7e01),
  FP32: Float32Array.of(0.1, -0, Infinity, NaN),
  FP64: Float64Array.of(0.1, -0, 5e-324, NaN),
  BYTES: ["", "ü", "a\nb", "😀"],
};

describe("a model of every datatype", () => {
  let model: ServedModel;

  before(async () => {
    const tensors = (prefix: string) =>
      TYPES.map((name): TensorDeclaration => ({
        name: prefix + name,
        type: DATATYPES[name].onnx as ElementType,
        shape: ["n", 2],
      }));
    const nodes = TYPES.map((name) => ({ op: "Identity", inputs: [`x${name}`], outputs: [`y${name}`] }));
    model = await load(onnxModel(nodes, tensors("x"), tensors("y")));
  });
  after(() => model.close());

  it("declares them by the protocol's names", () => {
    assert.deepEqual(
      model.spec.outputs.map(({ datatype }) => datatype),
      TYPES,
    );
    assert.deepEqual(model.settings.providers, ["cpu"]);
  });

  it("gives back what it got, bit for bit and in the same kind of array", async () => {
    const inputs = TYPES.map((datatype): Tensor => ({
      name: `x${datatype}`,
      datatype,
      shape: [2, 2],
      data: VALUES[datatype].slice(),
    }));
    const outputs = await model.infer({ inputs });
    assert.deepEqual(
      outputs.map(({ name, datatype, shape }) => [name, datatype, shape]),
      TYPES.map((datatype) => [`y${datatype}`, datatype, [2, 2]]),
    );
    for (const { datatype, data } of outputs) {
      const expected = VALUES[datatype];
      assert.equal(data.constructor, expected.constructor, datatype);
      if (Array.isArray(data) || Array.isArray(expected)) assert.deepEqual(data, expected);
      else {
        const bits = (array: typeof data) =>
          Buffer.from(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
        assert.deepEqual(bits(data), bits(expected), datatype);
      }
    }
  });
});

describe("a text with a NUL character", () => {
  it("is refused, because onnxruntime-node would cut it off", async () => {
    const model = await load(identityModel("string", ["n"]));
    try {
      const data = ["fine", "a\0b"];
      await assert.rejects(model.infer({ inputs: [{ name: "x", datatype: "BYTES", shape: [2], data }] }), {
        code: "InvalidArgument",
        message:
          "Input `x` has a NUL character in element 1, behind which the model would not see the text; remove it.",
      });
    } finally {
      await model.close();
    }
  });
});

describe("refusedType", () => {
  const LIST = TYPES.join(", ");
  const held = (name: string, within: TensorDeclaration["within"]): TensorDeclaration => ({
    name,
    type: "float32",
    shape: [],
    within,
  });
  const types: [ElementType, string][] = [
    ["bfloat16", "bfloat16"],
    ["float8e4m3fn", "float8e4m3fn"],
    ["int4", "int4"],
  ];
  for (const [type, name] of types) {
    it(`names an input of type ${name}`, () => {
      assert.equal(
        refusedType(identityModel(type, ["n"])),
        `The input \`x\` of \`model.onnx\` is of type ${name}, but the server takes ${LIST}; cast it inside the model.`,
      );
    });
  }

  it("names an output", () => {
    const x = { name: "x", type: "float32", shape: ["n"] } as const;
    const model = onnxModel([], [x], [x, { ...x, name: "z", type: "bfloat16" }]);
    assert.equal(
      refusedType(model),
      `The output \`z\` of \`model.onnx\` is of type bfloat16, but the server takes ${LIST}; cast it inside the model.`,
    );
  });

  for (const [within, kind] of [
    ["sequence", "a sequence"],
    ["map", "a map"],
    ["optional", "an optional value"],
  ] as const) {
    it(`names ${kind}`, () => {
      assert.equal(
        refusedType(onnxModel([], [held("x", undefined)], [held("y", within)])),
        `The output \`y\` of \`model.onnx\` is ${kind}, but the server takes tensors only; export the model without it.`,
      );
    });
  }

  it("has nothing against types inside the model, or against what is no model", () => {
    const nodes = [
      { op: "Cast", inputs: ["x"], outputs: ["b"], attributes: { to: 16 } },
      { op: "Cast", inputs: ["b"], outputs: ["y"], attributes: { to: 1 } },
    ];
    const tensor = (name: string) => ({ name, type: "float32", shape: ["n"] }) as const;
    assert.equal(refusedType(onnxModel(nodes, [tensor("x")], [tensor("y")])), undefined);
    assert.equal(refusedType(Buffer.from("this is no model")), undefined);
    assert.equal(refusedType(Buffer.alloc(0)), undefined);
  });

  it("is what loading fails with", async () => {
    await assert.rejects(load(identityModel("int4", ["n"])), {
      name: "LoadFailure",
      message: `The input \`x\` of \`model.onnx\` is of type int4, but the server takes ${LIST}; cast it inside the model.`,
    });
  });
});

describe("a provider that does not start", () => {
  it("is passed over with a warning, and the model serves on the processor", async () => {
    const warnings: string[] = [];
    const log = pino(
      { level: "warn" },
      { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const folder = modelFolder({ "model.onnx": identityModel("float32", ["n"]) });
    const model = await ServedModel.load({
      name: "m",
      version: "1",
      file: join(folder, "model.onnx"),
      config: { sha256: {}, batching: false, execution: { providers: ["nosuch", "cpu"] } },
      instances: 1,
      intraOpThreads: 1,
      maxQueueSize: 10,
      metrics,
      log,
    });
    assert.deepEqual(model.settings.providers, ["cpu"]);
    await model.close();
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^`execution\.providers` names `nosuch`, but this onnxruntime-node \(.*\) offers .*cpu.*; it is passed over\.$/,
    );
  });
});
