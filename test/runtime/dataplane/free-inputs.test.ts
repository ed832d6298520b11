import assert from "node:assert/strict";
import { DeferredTensor } from "../../../runtime/dataplane/deferred-tensor";
import type { TensorData } from "../../../runtime/dataplane/datatypes";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { WORTH_FREEING } from "../../../runtime/free-memory";
import { freeInputs, freeParsed } from "../../../runtime/dataplane/free-inputs";
import { FAKE_SETTINGS } from "../support/fake-servable";

const floats = (data: TensorData): Tensor => ({ name: "x", datatype: "FP32", shape: [data.length], data });
const MODEL = { settings: FAKE_SETTINGS };
const large = () => new Float32Array(WORTH_FREEING);

/** Two large tensors in one body, behind `json` bytes. */
function inBody(json: number) {
  const body = Buffer.alloc(json + 2 * WORTH_FREEING);
  const [first, second] = [json, json + WORTH_FREEING].map(
    (at) => new DeferredTensor("x", "FP32", [WORTH_FREEING / 4], body.subarray(at, at + WORTH_FREEING)),
  ) as [DeferredTensor, DeferredTensor];
  return { body, first, second };
}

describe("a parsed body", () => {
  it("is freed, unless tensors lie in it", () => {
    const read = Buffer.alloc(WORTH_FREEING);
    freeParsed(read, [floats(large())]);
    assert.equal(read.length, 0);
    const { body, first } = inBody(100);
    freeParsed(body, [floats(large()), first]);
    assert.equal(body.length, 100 + 2 * WORTH_FREEING);
  });
});

describe("the inputs of an answered request", () => {
  it("are freed with the body that they lie in", () => {
    const { body, first, second } = inBody(100);
    const own = floats(large());
    freeInputs(MODEL, [first, own, second], [floats(large())], true);
    assert.equal(body.length, 0);
    assert.equal(own.data.length, 0);
  });

  it("stay in a body whose memory others have a part of", () => {
    const { body, first } = inBody(100);
    freeInputs(MODEL, [first], [], false);
    assert.equal(body.length, 100 + 2 * WORTH_FREEING);
  });

  it("stay where they are texts, short, or a part of what others have", () => {
    const texts: Tensor = { name: "t", datatype: "BYTES", shape: [1], data: ["text"] };
    const short = floats(new Float32Array([1, 2]));
    const part = floats(large().subarray(1));
    freeInputs(MODEL, [texts, short, part], [], true);
    assert.deepEqual(
      [texts, short, part].map(({ data }) => data.length),
      [1, 2, WORTH_FREEING - 1],
    );
  });

  it("stay with a pipeline", () => {
    const input = floats(large());
    freeInputs({ settings: { ...FAKE_SETTINGS, platform: "ensemble" } }, [input], [], true);
    assert.equal(input.data.length, WORTH_FREEING);
  });

  it("stay where the model has handed them on", () => {
    const handedOn = floats(large());
    freeInputs(MODEL, [handedOn], [floats((handedOn.data as Float32Array).subarray(0, 4))], true);
    assert.equal(handedOn.data.length, WORTH_FREEING);
  });
});
