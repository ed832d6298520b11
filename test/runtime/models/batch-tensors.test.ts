import assert from "node:assert/strict";
import fc from "fast-check";
import { rawTensor } from "../../../runtime/dataplane/deferred-tensor";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { batchColumns } from "../../../runtime/models/batch-tensors";
import { SPARE_BYTES, SpareBuffers } from "../../../runtime/models/spare-buffers";

/** A row of `width` floats that begin with `first`, behind `offset` other bytes of its request's body. */
function row(first: number, width: number, offset: number): Tensor {
  const values = Float32Array.from({ length: width }, (_, i) => first + i);
  const body = new Uint8Array(offset + values.byteLength);
  body.set(new Uint8Array(values.buffer), offset);
  return rawTensor("x", "FP32", [1, width], width, body.subarray(offset));
}

const member = (tensor: Tensor) => ({ inputs: [tensor], fetch: undefined, rows: 1 });

describe("batchColumns", () => {
  it("joins rows of any size at any address in their order, whatever the memory held before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(3, 100, 4096, 12_288),
        fc.boolean(),
        (offsets, width, used) => {
          const spare = new SpareBuffers();
          if (used) spare.give(new Uint8Array(offsets.length * width * 4).fill(255).buffer);
          const batch = offsets.map((offset, i) => member(row(i, width, offset)));
          const { dims, data } = batchColumns(batch, batch.length, spare);
          assert.deepEqual(dims, [[batch.length, width]]);
          const joined = data[0] as Float32Array;
          assert.equal(joined.byteLength, joined.buffer.byteLength, "fit to be transferred");
          assert.deepEqual(
            [...joined],
            offsets.flatMap((_, i) => Array.from({ length: width }, (_, j) => i + j)),
          );
        },
      ),
    );
  });

  it("leaves a lone large request's values to be run again", () => {
    const tensor = row(1, 12_288, 5);
    const spare = new SpareBuffers();
    const [first] = batchColumns([member(tensor)], 1, spare).data;
    structuredClone(first, { transfer: [(first as Float32Array).buffer as ArrayBuffer] });
    const [second] = batchColumns([member(tensor)], 1, spare).data;
    assert.equal((second as Float32Array)[12_287], 12_288);
  });
});

describe("SpareBuffers", () => {
  const KIB = 1024;

  it("gives memory back of exactly the size", () => {
    const spare = new SpareBuffers();
    const buffer = new ArrayBuffer(64 * KIB);
    spare.give(buffer);
    assert.notEqual(spare.take(64 * KIB - 4), buffer);
    assert.equal(spare.take(64 * KIB), buffer);
    assert.notEqual(spare.take(64 * KIB), buffer, "it is somebody else's now");
    assert.equal(spare.bytes, 0);
  });

  it("keeps neither small memory nor more than 4 MiB, and lets the oldest go", () => {
    const spare = new SpareBuffers();
    spare.give(new ArrayBuffer(SPARE_BYTES - 1));
    spare.give(new ArrayBuffer(4 * KIB * KIB + 1));
    assert.equal(spare.bytes, 0);
    for (let i = 0; i < 9; i++) spare.give(new ArrayBuffer(SPARE_BYTES));
    assert.equal(spare.bytes, 4 * SPARE_BYTES);
    spare.give(new ArrayBuffer(4 * KIB * KIB));
    assert.equal(spare.bytes, 4 * KIB * KIB);
  });
});
