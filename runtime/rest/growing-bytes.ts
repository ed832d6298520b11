import { freeMemory, isShared } from "../free-memory";

/** Bytes of the first buffer. */
const FIRST_CAPACITY = 64 * 1024;

/**
 * Collects bytes in one buffer that doubles as it fills. A list of pieces would take a hundred times the memory of a body sent
 * byte by byte, and twice that of a large one while it is joined.
 */
export class GrowingBytes {
  private bytes: Buffer;
  private used = 0;

  /**
   * @param limit bytes that there will never be more of
   * @param expected bytes that there are likely to be
   */
  constructor(
    private readonly limit: number,
    expected = 0,
  ) {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, expected));
  }

  add(piece: Buffer): void {
    const size = this.used + piece.length;
    if (size > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(size, Math.min(this.limit, size * 2)));
      grown.set(this.content());
      freeMemory(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(piece, this.used);
    this.used = size;
  }

  /** Adds a piece that nobody will look at again. */
  take(piece: Buffer): void {
    this.add(piece);
    if (!isShared(piece)) freeMemory(piece);
  }

  /** What has come so far; not a copy, and gone when more comes. */
  content(): Buffer {
    return this.bytes.subarray(0, this.used);
  }
}
