import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { freeMemory, isShared, WORTH_FREEING } from "../../runtime/free-memory";

describe("freeMemory", () => {
  it("gives memory back at once, of all of the buffer", async () => {
    freeMemory(Buffer.alloc(WORTH_FREEING));
    await setImmediate();
    const before = process.memoryUsage().arrayBuffers;
    const view = Buffer.allocUnsafeSlow(64 * 1024 * 1024).subarray(1);
    freeMemory(view);
    assert.equal(view.length, 0);
    assert.equal(view.buffer.byteLength, 0);
    assert.ok(process.memoryUsage().arrayBuffers < before + 32 * 1024 * 1024);
  });

  it("leaves what is short, what is gone already, and what threads share", () => {
    const short = Buffer.alloc(WORTH_FREEING - 1, 7);
    freeMemory(short);
    assert.equal(short[0], 7);
    const gone = new Float32Array(WORTH_FREEING);
    freeMemory(gone);
    freeMemory(gone);
    assert.equal(gone.length, 0);
    const shared = new Uint8Array(new SharedArrayBuffer(WORTH_FREEING)).fill(7);
    freeMemory(shared);
    assert.equal(shared[0], 7);
  });

  it("can be told whether others have a part of it", () => {
    const whole = Buffer.allocUnsafeSlow(WORTH_FREEING + 1);
    assert.equal(isShared(whole), false);
    assert.equal(isShared(whole.subarray(1)), true);
    assert.equal(isShared(whole.subarray(2)), false, "short ones are not freed");
  });
});
