import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that are read at a time: between two tensors' data lies little more than a name. */
const WINDOW = 16 * 1024;

/** Bytes of the longest text: names of tensors, operators and files. One window holds it. */
const LONGEST_TEXT = WINDOW;

/** Fields of one file: the attributes of a large forest of decision trees have one for each number. */
const MOST_FIELDS = 200_000_000;

/** Depth of messages; protobuf's own parsers stop at 100 as well. */
const DEEPEST = 100;

/** Why a file is no model, as the end of a sentence that begins with its name. */
export class UnreadableModel extends Error {}

/** A field of a message: a number, or where its bytes lie. */
export interface WireField {
  readonly number: number;
  /** The value of a varint; 0 for other kinds. */
  readonly value: number;
  /** First byte of a length-delimited value, and the one behind it; equal for other kinds. */
  readonly start: number;
  readonly end: number;
  readonly delimited: boolean;
}

/**
 * A protobuf file that is read piece by piece, so that a model of many gigabytes takes no more memory than its graph: what nobody
 * asks for is stepped over without being read.
 */
export class WireFile {
  readonly size: number;
  private readonly descriptor: number;
  private readonly window = Buffer.allocUnsafe(WINDOW);
  private windowStart = 0;
  private windowLength = 0;
  private fieldsSeen = 0;

  /** @throws Error with a code where the file cannot be opened */
  constructor(path: string) {
    this.descriptor = openSync(path, "r");
    const stat = fstatSync(this.descriptor);
    if (!stat.isFile()) {
      this.close();
      throw new UnreadableModel("is no file");
    }
    this.size = stat.size;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** The fields of the message between two bytes, in the order in which they lie there. */
  *fields(start: number, end: number, depth: number): Generator<WireField> {
    if (depth > DEEPEST) {
      throw new UnreadableModel(`holds messages more than ${DEEPEST} deep, as no ONNX model does`);
    }
    let at = start;
    while (at < end) {
      if (++this.fieldsSeen > MOST_FIELDS) {
        throw new UnreadableModel(
          `holds more than ${MOST_FIELDS} values besides its weights, as no ONNX model does`,
        );
      }
      const begin = at;
      const tag = this.varint(at, end);
      const number = Math.floor(tag.value / 8);
      if (number <= 0) throw malformed(begin);
      at = tag.next;
      switch (tag.value % 8) {
        case 0: {
          const { value, next } = this.varint(at, end);
          yield { number, value, start: at, end: at, delimited: false };
          at = next;
          break;
        }
        case 1:
        case 5: {
          at += tag.value % 8 === 1 ? 8 : 4;
          if (at > end) throw this.tooLong(begin, at, end);
          yield { number, value: 0, start: at, end: at, delimited: false };
          break;
        }
        case 2: {
          const { value: length, next } = this.varint(at, end);
          if (length < 0) throw malformed(begin);
          if (next + length > end) throw this.tooLong(begin, next + length, end);
          yield { number, value: 0, start: next, end: next + length, delimited: true };
          at = next + length;
          break;
        }
        default:
          throw malformed(begin);
      }
    }
  }

  text({ start, end, delimited }: WireField): string {
    if (!delimited) throw malformed(start);
    if (end - start > LONGEST_TEXT) {
      throw new UnreadableModel(
        `holds a name of ${end - start} bytes at byte ${start}, as no ONNX model does`,
      );
    }
    if (end === start) return "";
    if (start < this.windowStart || end > this.windowStart + this.windowLength) this.load(start);
    if (end > this.windowStart + this.windowLength)
      throw new UnreadableModel("was cut off while it was read");
    return this.window.toString("utf8", start - this.windowStart, end - this.windowStart);
  }

  /** The first bytes, fewer where the file has fewer. */
  head(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.descriptor, bytes, 0, length, 0));
  }

  /** A field that ends behind the file's own end was cut off; one that ends behind its message's never was right. */
  private tooLong(at: number, needed: number, end: number): UnreadableModel {
    if (end !== this.size) return malformed(at);
    return new UnreadableModel(
      `is cut off, or no ONNX model: it has ${this.size} bytes, but a field at byte ${at} goes on to byte ${needed}`,
    );
  }

  private varint(start: number, end: number): { value: number; next: number } {
    let value = 0;
    let wide = 0n;
    for (let i = 0; i < 10; i++) {
      if (start + i >= end) {
        if (end === this.size) throw this.tooLong(start, end + 1, end);
        break;
      }
      const byte = this.byte(start + i);
      if (i < 7) value += (byte & 127) * 2 ** (7 * i);
      else wide += BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        if (wide !== 0n) value = Number(BigInt.asIntN(64, wide + BigInt(value)));
        return { value, next: start + i + 1 };
      }
    }
    throw malformed(start);
  }

  private byte(at: number): number {
    const within = at - this.windowStart;
    if (within >= 0 && within < this.windowLength) return this.window[within]!;
    this.load(at);
    if (this.windowLength === 0) throw new UnreadableModel("was cut off while it was read");
    return this.window[0]!;
  }

  private load(at: number): void {
    this.windowStart = at;
    this.windowLength = readSync(this.descriptor, this.window, 0, WINDOW, at);
  }
}

function malformed(at: number): UnreadableModel {
  return new UnreadableModel(`is no ONNX model: byte ${at} is not what protobuf has there`);
}
