import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bytesOfTensor,
  DEFERRED_BYTES,
  DeferredTensor,
  rawTensor,
} from "../../../runtime/dataplane/deferred-tensor";

/** `count` floats in a larger buffer, `offset` bytes behind its start. */
function floats(count: number, offset: number): { values: Float32Array; bytes: Uint8Array } {
  const values = Float32Array.from({ length: count }, (_, i) => i / 7);
  const body = new Uint8Array(offset + values.byteLength + 3);
  body.set(new Uint8Array(values.buffer), offset);
  return { values, bytes: body.subarray(offset, offset + values.byteLength) };
}

describe("rawTensor", () => {
  const LARGE = DEFERRED_BYTES / 4;

  it("leaves a large tensor's bytes where they came, at any address, and gives its values when asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: LARGE, max: LARGE + 99 }),
        (offset, n) => {
          const { values, bytes } = floats(n, offset);
          const tensor = rawTensor("x", "FP32", [n], n, bytes);
          assert.ok(tensor instanceof DeferredTensor);
          assert.equal(bytesOfTensor(tensor), bytes);
          assert.deepEqual(tensor.data, values);
          assert.equal(
            tensor.data.byteLength,
            (tensor.data as Float32Array).buffer.byteLength,
            "data of its own",
          );
          assert.equal(tensor.data, tensor.data);
        },
      ),
    );
  });

  it("copies a small one at once", () => {
    const { values, bytes } = floats(LARGE - 1, 1);
    const tensor = rawTensor("x", "FP32", [LARGE - 1], LARGE - 1, bytes);
    assert.ok(!(tensor instanceof DeferredTensor));
    assert.deepEqual(tensor.data, values);
    assert.deepEqual(bytesOfTensor(tensor), Buffer.from(bytes));
  });

  it("refuses a large one whose bytes are not as many as its shape needs", () => {
    const { bytes } = floats(LARGE + 1, 0);
    assert.throws(() => rawTensor("x", "FP32", [LARGE], LARGE, bytes), {
      message: `Input \`x\` has ${4 * LARGE + 4} raw bytes, but its shape needs ${4 * LARGE}.`,
    });
  });

  it("looks at a large one's booleans at once", () => {
    const bytes = new Uint8Array(DEFERRED_BYTES);
    bytes[77] = 2;
    assert.throws(() => rawTensor("x", "BOOL", [bytes.length], bytes.length, bytes), {
      message: "Input `x` holds a byte that is neither 0 nor 1, which is not a BOOL value.",
    });
  });
});
