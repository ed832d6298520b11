import type { TensorData } from "../dataplane/datatypes";

/** Bytes from which a batch's memory is used again: fresh memory is zeroed by V8 and mapped page by page by the kernel. */
export const SPARE_BYTES = 32 * 1024;
/** Bytes that are kept at most, of a worker's runs; mapping memory counts for little beside what computes on more. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Buffers that are kept: no more runs than that are handed over at a time, of models whose runs take long. */
const MOST_BUFFERS = 4;

/** The memory of runs that have ended, for the next ones of the same size. */
export class SpareBuffers {
  private readonly spare: ArrayBuffer[] = [];

  /** Memory of exactly so many bytes, which hold anything. */
  take(bytes: number): ArrayBuffer {
    for (let i = this.spare.length - 1; i >= 0; i--) {
      if (this.spare[i]!.byteLength === bytes) return this.spare.splice(i, 1)[0]!;
    }
    // Of its own, however small, hence fit to be transferred.
    return Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer;
  }

  /** Takes back what a run has left; what is kept longest goes, so that sizes which are no longer used do not stay. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength < SPARE_BYTES || buffer.byteLength > MOST_BYTES) return;
    this.spare.push(buffer);
    while (this.spare.length > MOST_BUFFERS || this.bytes > MOST_BYTES) this.spare.shift();
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.spare.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }
}

/** The memory of a run's large inputs, of which nobody has need any more; undefined where there is none. */
export function spareOf(
  inputs: readonly TensorData[],
  outputs: readonly TensorData[],
): ArrayBuffer[] | undefined {
  let spare: ArrayBuffer[] | undefined;
  for (const data of inputs) {
    if (Array.isArray(data) || data.byteLength < SPARE_BYTES) continue;
    // A binding may hand an input on as an output.
    if (outputs.every((output) => Array.isArray(output) || output.buffer !== data.buffer))
      (spare ??= []).push(data.buffer as ArrayBuffer);
  }
  return spare;
}
