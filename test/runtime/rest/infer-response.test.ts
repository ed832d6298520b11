import assert from "node:assert/strict";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { encodeInferResponse } from "../../../runtime/rest/infer-response";

const MODEL = { name: "m", version: "1" };
const PLAIN = { id: undefined, parameters: undefined, binaryByOutput: undefined, binaryByDefault: false };
const FLOATS: Tensor = { name: "y", datatype: "FP32", shape: [2], data: new Float32Array([1, 2]) };

function encode(outputs: Tensor[], request: object = {}): { bytes: Buffer; jsonLength: number | undefined } {
  const { body, length, jsonLength } = encodeInferResponse(MODEL, { ...PLAIN, ...request }, outputs);
  const bytes = typeof body === "string" ? Buffer.from(body, "latin1") : Buffer.from(body);
  assert.equal(bytes.length, length);
  return { bytes, jsonLength };
}

const textOf = (outputs: Tensor[], request?: object) => encode(outputs, request).bytes.toString("utf8");
const dataOf = (tensor: Partial<Tensor>) => JSON.parse(textOf([{ ...FLOATS, ...tensor }])).outputs[0].data;

describe("encodeInferResponse", () => {
  it("echoes id and parameters, and leaves them out where the request had none", () => {
    assert.deepEqual(JSON.parse(textOf([], { id: 'a"ü🙂', parameters: { p: "ö" } })), {
      model_name: "m",
      model_version: "1",
      id: 'a"ü🙂',
      parameters: { p: "ö" },
      outputs: [],
    });
    assert.equal(
      textOf([FLOATS]),
      '{"model_name":"m","model_version":"1","outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[1,2]}]}',
    );
  });

  it("writes numbers that JSON lacks as null", () => {
    assert.deepEqual(dataOf({ data: new Float32Array([NaN, -Infinity]) }), [null, null]);
    assert.deepEqual(dataOf({ datatype: "FP64", data: new Float64Array([NaN, -Infinity]) }), [null, null]);
    assert.deepEqual(dataOf({ datatype: "FP16", data: new Uint16Array([0x7e00, 0xfc00]) }), [null, null]);
  });

  it("writes every digit of 64-bit integers", () => {
    const data = new BigInt64Array([-9223372036854775808n]);
    assert.match(textOf([{ name: "y", datatype: "INT64", shape: [1], data }]), /\[-9223372036854775808\]/);
  });

  const integers: [Tensor["datatype"], Tensor["data"]][] = [
    ["INT8", new Int8Array([-128, 127])],
    ["UINT8", new Uint8Array([0, 255])],
    ["INT16", new Int16Array([-32768, 32767])],
    ["UINT16", new Uint16Array([0, 65535])],
    ["INT32", new Int32Array([-2147483648, 2147483647])],
    ["UINT32", new Uint32Array([10, 4294967295])],
  ];
  for (const [datatype, data] of integers) {
    it(`writes the bounds of ${datatype}`, () => {
      assert.deepEqual(dataOf({ datatype, data }), Array.from(data as Int32Array));
    });
  }

  it("writes booleans, halves and texts", () => {
    assert.deepEqual(dataOf({ datatype: "BOOL", data: new Uint8Array([1, 0]) }), [true, false]);
    assert.deepEqual(
      dataOf({ datatype: "FP16", data: new Uint16Array([0x3c00, 0x3555]) }),
      [1, 0.333251953125],
    );
    assert.deepEqual(dataOf({ datatype: "BYTES", data: ['"', "\n"] }), ['"', "\n"]);
  });

  it("writes answers of any size, one after the other", () => {
    for (const count of [1, 40_000, 3, 40_000]) {
      const data = Float32Array.from({ length: count }, (_, i) => i / 7);
      assert.deepEqual(Float32Array.from(dataOf({ shape: [count], data })), data);
    }
  });

  it("says of each answer what is its own, whatever the one before it said", () => {
    const data = Int32Array.from([1, 2]);
    const tensors: Tensor[] = [
      FLOATS,
      { ...FLOATS, shape: [1, 2] },
      { ...FLOATS, shape: [2, 1] },
      { ...FLOATS, name: 'z"ü' },
      { ...FLOATS, datatype: "INT32", data },
      { ...FLOATS, datatype: "BYTES", data: ["a", "b"] },
      { ...FLOATS, datatype: "BYTES", data: ["a", "longer"] },
    ];
    const answers = tensors.flatMap((tensor) =>
      [true, false].map((binary) => ({ outputs: [tensor], binaryByDefault: binary })),
    );
    answers.push({ outputs: [FLOATS, tensors[1]!], binaryByDefault: false });
    const said = ({ outputs, ...request }: (typeof answers)[number], model: typeof MODEL) => {
      const { body, jsonLength } = encodeInferResponse(model, { ...PLAIN, ...request }, outputs);
      return { bytes: Buffer.from(body as string, "latin1").toString("hex"), jsonLength };
    };
    for (const before of answers) {
      for (const answer of answers) {
        said(before, MODEL);
        assert.deepEqual(said(answer, MODEL), said(answer, { ...MODEL }));
      }
    }
  });

  it("puts tensors that were asked for as bytes after the JSON, in the order listed", () => {
    const outputs: Tensor[] = [
      { name: "t", datatype: "BYTES", shape: [2], data: ["é", ""] },
      FLOATS,
      { name: "z", datatype: "BOOL", shape: [2], data: new Uint8Array([1, 0]) },
    ];
    const { bytes, jsonLength } = encode(outputs, {
      binaryByOutput: [undefined, false, true],
      binaryByDefault: true,
    });
    assert.deepEqual(JSON.parse(bytes.toString("utf8", 0, jsonLength)).outputs, [
      { name: "t", datatype: "BYTES", shape: [2], parameters: { binary_data_size: 10 } },
      { name: "y", datatype: "FP32", shape: [2], data: [1, 2] },
      { name: "z", datatype: "BOOL", shape: [2], parameters: { binary_data_size: 2 } },
    ]);
    assert.deepEqual([...bytes.subarray(jsonLength)], [2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0, 1, 0]);
  });

  it("stands for itself after an answer that could not be written", () => {
    const ill = { ...FLOATS, shape: undefined as unknown as number[] };
    assert.throws(() => encode([ill]), TypeError);
    assert.match(textOf([FLOATS]), /^\{"model_name":"m"/);
  });
});
