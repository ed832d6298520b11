import { interned } from "./interned";
import { Malformed } from "./malformed";

/** Wire types of protobuf, the lowest three bits of a tag. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const GROUP = 3;
const GROUP_END = 4;
export const FIXED32 = 5;

/** Groups within groups that are skipped. Nobody has used groups since proto2. */
const DEEPEST_GROUP = 32;

/**
 * Reads protobuf's wire format in place. Other than protobufjs' reader it never looks beyond the end of the message
 * that it is in, refuses what other parsers would silently cut to 32 bits, and allocates nothing for 64-bit numbers.
 */
export class WireReader {
  /** Halves of the varint that was read last. */
  low = 0;
  high = 0;

  constructor(
    readonly bytes: Buffer,
    public at = 0,
    public end = bytes.length,
  ) {}

  get more(): boolean {
    return this.at < this.end;
  }

  /** The next tag: field number << 3 | wire type. */
  tag(): number {
    const byte = this.bytes[this.at]!;
    // Fields up to 15, in one byte.
    if (byte < 0x80 && byte >= 8) {
      this.at++;
      return byte;
    }
    this.varint();
    if (this.high !== 0 || this.low >>> 3 === 0) throw new Malformed("a field's number is out of range");
    return this.low >>> 0;
  }

  /** Reads up to 64 bits into `low` and `high`. */
  varint(): void {
    const { bytes, end } = this;
    let { at } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end) throw new Malformed("it ends within a number");
      const byte = bytes[at++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) break;
      if (shift === 63) throw new Malformed("a number has more than 64 bits");
    }
    this.at = at;
    this.low = low;
    this.high = high;
  }

  /** A 64-bit integer as a number: exact up to 2^53, beyond that near enough to be told from one that fits. */
  int64(): number {
    this.varint();
    return this.high * 4294967296 + (this.low >>> 0);
  }

  /** Length of what follows; it is there. */
  length(): number {
    const { bytes, at } = this;
    let length = at < this.end ? bytes[at]! : 0x80;
    if (length < 0x80) this.at++;
    else {
      this.varint();
      length = this.high === 0 ? this.low >>> 0 : Infinity;
    }
    if (length > this.end - this.at) throw new Malformed("it ends within a field");
    return length;
  }

  /** Bytes, as a view. */
  view(): Buffer {
    const length = this.length();
    const start = this.at;
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  text(): string {
    const length = this.length();
    const start = this.at;
    this.at = start + length;
    return interned(this.bytes, start, this.at);
  }

  /** Confines the reader to the message that follows. @returns what `leave` takes */
  enter(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.at + length;
    return outer;
  }

  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
  }

  /** Passes by a field that is not known. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case VARINT:
        return this.varint();
      case FIXED64:
        return this.pass(8);
      case LENGTH:
        return this.pass(this.length());
      case FIXED32:
        return this.pass(4);
      case GROUP: {
        if (depth >= DEEPEST_GROUP) throw new Malformed("its groups are nested too deeply");
        for (;;) {
          if (!this.more) throw new Malformed("it ends within a group");
          const inner = this.tag();
          if ((inner & 7) === GROUP_END) {
            if (inner >>> 3 !== tag >>> 3) throw new Malformed("a group ends with another one's number");
            return;
          }
          this.skip(inner, depth + 1);
        }
      }
      default:
        throw new Malformed("a field has an unknown wire type");
    }
  }

  private pass(bytes: number): void {
    if (bytes > this.end - this.at) throw new Malformed("it ends within a field");
    this.at += bytes;
  }
}
