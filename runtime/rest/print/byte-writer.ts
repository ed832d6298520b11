/** Bytes that the writer keeps between answers. */
const KEPT = 64 * 1024;

/** Texts up to this length are written by hand, which costs less than a call into native code. */
const SHORT = 48;

/** Collects the bytes of an answer in a buffer that grows, and is used again for the next one. */
export class ByteWriter {
  bytes = Buffer.allocUnsafeSlow(KEPT);
  at = 0;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.at + count, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  byte(code: number): void {
    if (this.at === this.bytes.length) this.reserve(1);
    this.bytes[this.at++] = code;
  }

  /** @param text is ASCII */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let { at } = this;
    if (length > SHORT) at += bytes.write(text, at, "latin1");
    else for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    this.at = at;
  }

  utf8(text: string): void {
    this.reserve(text.length * 3);
    this.at += this.bytes.write(text, this.at, "utf8");
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** The bytes so far, as a copy or handed over; the writer is empty afterwards. */
  take(): Buffer {
    const { bytes, at } = this;
    this.at = 0;
    if (bytes.length === KEPT) return Buffer.from(bytes.subarray(0, at));
    // A large buffer belongs to its answer, rather than being kept for a next one that is likely small.
    this.bytes = Buffer.allocUnsafeSlow(KEPT);
    return bytes.subarray(0, at);
  }

  /** The bytes so far as a string of one character for each; the writer is empty afterwards. */
  takeLatin1(): string {
    const text = this.bytes.toString("latin1", 0, this.at);
    this.at = 0;
    return text;
  }

  /** Drops what is there. */
  clear(): void {
    this.at = 0;
    if (this.bytes.length > KEPT) this.bytes = Buffer.allocUnsafeSlow(KEPT);
  }
}
