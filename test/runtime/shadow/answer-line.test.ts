import assert from "node:assert/strict";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { readTensor } from "../../../rollout/comparison/answer";
import { compareAnswers } from "../../../rollout/comparison/compare";
import { readSampledAnswer, type SampledAnswer } from "../../../runtime/comparator/sampled-answer";
import { ByteWriter } from "../../../runtime/rest/print/byte-writer";
import { AnswerLine } from "../../../runtime/shadow/answer-line";

function written(outputs: readonly Tensor[]): { readonly line: string; readonly steps: number } {
  const writer = new ByteWriter();
  const line = new AnswerLine({ requestId: 'r"1', model: "mödel", outputs });
  let steps = 1;
  while (!line.step(writer)) steps++;
  return { line: writer.take().toString("utf8"), steps };
}

function read(outputs: readonly Tensor[]): SampledAnswer {
  const answer = readSampledAnswer(written(outputs).line);
  assert.ok(typeof answer !== "string", String(answer));
  return answer;
}

const tensor = (datatype: Tensor["datatype"], data: Tensor["data"]): Tensor => ({
  name: "y",
  datatype,
  shape: [data.length],
  data,
});

describe("AnswerLine", () => {
  const cases: [string, Tensor, unknown[]][] = [
    ["FP32", tensor("FP32", Float32Array.of(0.1, -0, 1e-8, 3)), [0.1, -0, 1e-8, 3]],
    [
      "FP32 that JSON lacks",
      tensor("FP32", Float32Array.of(0.1, NaN, Infinity, -Infinity)),
      [0.1, NaN, Infinity, -Infinity],
    ],
    ["FP64", tensor("FP64", Float64Array.of(0.1, NaN)), [0.1, NaN]],
    ["FP16", tensor("FP16", Uint16Array.of(0x3c00, 0x7e00)), [1, NaN]],
    ["INT32", tensor("INT32", Int32Array.of(-5, 7)), [-5, 7]],
    ["INT64", tensor("INT64", BigInt64Array.of(-5n, 2n ** 60n)), [-5, 2n ** 60n]],
    ["UINT64", tensor("UINT64", BigUint64Array.of(2n ** 64n - 1n)), [2n ** 64n - 1n]],
    ["BOOL", tensor("BOOL", Uint8Array.of(1, 0)), [1, 0]],
    ["BYTES", tensor("BYTES", ['a "quoted"\n', "ö"]), ['a "quoted"\n', "ö"]],
    ["nothing", tensor("FP32", new Float32Array(0)), []],
  ];
  for (const [name, given, expected] of cases) {
    it(`is read back by the comparator: ${name}`, () => {
      const answer = read([given]);
      assert.deepEqual([answer.requestId, answer.model], ['r"1', "mödel"]);
      const elements = readTensor(answer.outputs[0]!);
      assert.ok("elements" in elements);
      assert.deepEqual(elements.elements, expected);
      assert.equal(answer.outputs[0]!.datatype, given.datatype);
    });
  }

  it("writes a large tensor in steps, and the next one after it", () => {
    const large = Float32Array.from({ length: 10_000 }, (_, i) => i / 7);
    const outputs = [tensor("FP32", large), { ...tensor("INT32", Int32Array.of(1, 2)), name: "z" }];
    assert.equal(written(outputs).steps, 3);
    const [first, second] = read(outputs).outputs;
    assert.deepEqual(
      (first!.data as number[]).map(Math.fround),
      Array.from(large, (value) => value),
    );
    assert.deepEqual([second!.name, second!.data], ["z", [1, 2]]);
  });

  it("writes the same number alike whether or not there is a NaN beside it", () => {
    const live = read([tensor("FP32", Float32Array.of(0.1, 0.7, 2))]);
    const candidate = read([tensor("FP32", Float32Array.of(0.1, 0.7, NaN))]);
    assert.equal(compareAnswers(live, candidate).tensors[0]!.outside, 1);
  });

  it("has an answer without outputs", () => {
    assert.deepEqual(read([]).outputs, []);
  });
});
