import { LENGTH, VARINT } from "./wire-reader";

/** Bytes before a message: a flag for compression and the length in four bytes, big-endian. */
export const PREFIX_BYTES = 5;

/** Bytes that the buffer is kept at between messages. */
const INITIAL_BYTES = 8192;

/**
 * Writes protobuf's wire format. All messages are written into one buffer, of which only the finished bytes are
 * copied, so that a message costs one allocation of its very size.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private at = PREFIX_BYTES;

  /** Begins a message, whatever became of the one before. */
  begin(): this {
    this.at = PREFIX_BYTES;
    if (this.buffer.length > INITIAL_BYTES) this.buffer = Buffer.allocUnsafe(INITIAL_BYTES);
    return this;
  }

  /** Begins a message within this one. @returns what `close` takes */
  open(field: number): number {
    this.varint((field << 3) | LENGTH);
    // A byte for the length; more are made room for where they are needed.
    this.reserve(1);
    return ++this.at;
  }

  close(start: number): void {
    const length = this.at - start;
    if (length < 0x80) {
      this.buffer[start - 1] = length;
      return;
    }
    const extra = varintBytes(length) - 1;
    this.reserve(extra);
    this.buffer.copyWithin(start + extra, start, this.at);
    const end = this.at + extra;
    this.at = start - 1;
    this.varint(length);
    this.at = end;
  }

  /** A text; the empty one is the default and not written. */
  text(field: number, text: string): void {
    const { length } = text;
    if (length === 0) return;
    this.varint((field << 3) | LENGTH);
    if (length < 0x80) {
      this.reserve(1 + length);
      if (this.ascii(text)) return;
    }
    const bytes = Buffer.byteLength(text);
    this.varint(bytes);
    this.reserve(bytes);
    this.at += this.buffer.write(text, this.at, bytes, "utf8");
  }

  /** Short texts of ASCII, written here because the call into Node's core costs more than they do. */
  private ascii(text: string): boolean {
    const { buffer, at } = this;
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      buffer[at + 1 + i] = code;
    }
    buffer[at] = length;
    this.at = at + 1 + length;
    return true;
  }

  bool(field: number, value: boolean): void {
    if (!value) return;
    this.varint((field << 3) | VARINT);
    this.varint(1);
  }

  uint(field: number, value: number): void {
    if (value === 0) return;
    this.varint((field << 3) | VARINT);
    this.varint(value);
  }

  /** A packed field of whole numbers >= 0, as shapes of real tensors are. */
  packed(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    const start = this.open(field);
    for (const value of values) this.varint(value);
    this.close(start);
  }

  /** A field whose bytes are ready, empty ones too. */
  bytes(field: number, bytes: Uint8Array): void {
    this.varint((field << 3) | LENGTH);
    this.varint(bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.reserve(8);
    while (value >= 0x80) {
      this.buffer[this.at++] = (value % 128) | 0x80;
      value = Math.floor(value / 128);
    }
    this.buffer[this.at++] = value;
  }

  /**
   * The finished message with its prefix, followed by a field of bytes for each of `last`: tensors, which are copied
   * once and straight to where they belong.
   */
  finish(lastField = 0, last: readonly Uint8Array[] = []): Buffer {
    const head = this.at;
    let size = head;
    for (const { length } of last) size += varintBytes(lastField << 3) + varintBytes(length) + length;
    const frame = Buffer.allocUnsafe(size);
    for (const bytes of last) {
      // The tag and length are written behind the head, then both are moved with it.
      this.varint((lastField << 3) | LENGTH);
      this.varint(bytes.length);
    }
    frame.set(this.buffer.subarray(0, head), 0);
    let from = head;
    let to = head;
    for (const bytes of last) {
      const { length } = bytes;
      const prefix = varintBytes(lastField << 3) + varintBytes(length);
      for (let i = 0; i < prefix; i++) frame[to++] = this.buffer[from++]!;
      frame.set(bytes, to);
      to += length;
    }
    frame[0] = 0;
    frame.writeUInt32BE(size - PREFIX_BYTES, 1);
    return frame;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  while (value >= 0x80) {
    value = Math.floor(value / 128);
    bytes++;
  }
  return bytes;
}

/** Messages are written one at a time, from begin to finish without a turn of the event loop in between. */
export const writer = new WireWriter();
