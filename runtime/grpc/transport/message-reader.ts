import { invalid, ServerError } from "../../errors";

/** Bytes of the first buffer of a message that comes in more than one piece. */
const FIRST_CAPACITY = 64 * 1024;

/** Takes each message of a call. @param compressed as the flag before it says */
export type TakeMessage = (message: Buffer, compressed: boolean) => void;

/**
 * Splits the bytes of a call into its messages: a flag, the length in four bytes, the message. One that comes in one
 * piece is a view of that piece; for others memory grows with what has arrived, not with what was announced.
 */
export class MessageReader {
  private prefixBytes = 0;
  private flag = 0;
  private size = 0;
  private body: Buffer | undefined;
  private received = 0;
  /** Messages that were complete. */
  count = 0;

  /** @param limit bytes; a longer message is refused as soon as its length is known */
  constructor(
    private readonly limit: number,
    private readonly take: TakeMessage,
  ) {}

  /** Whether the bytes so far end with a message. */
  get complete(): boolean {
    return this.prefixBytes === 0;
  }

  /** @throws 400 where the bytes are no messages, 413 for too large a one */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.prefixBytes < 5) {
        at = this.readPrefix(chunk, at);
        if (this.prefixBytes < 5) return;
      }
      const missing = this.size - this.received;
      const end = Math.min(chunk.length, at + missing);
      const piece = at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end);
      at = end;
      if (this.received === 0 && piece.length === missing) this.emit(piece);
      else this.append(piece);
    }
  }

  private readPrefix(chunk: Buffer, start: number): number {
    let at = start;
    while (this.prefixBytes < 5 && at < chunk.length) {
      const byte = chunk[at++]!;
      if (this.prefixBytes === 0) this.flag = byte;
      else this.size = this.size * 256 + byte;
      this.prefixBytes++;
    }
    if (this.flag > 1) throw invalid(`The flag before a message is ${this.flag}, must be 0 or 1.`);
    if (this.size > this.limit) throw tooLarge(this.limit);
    return at;
  }

  private append(piece: Buffer): void {
    const needed = this.received + piece.length;
    if (!this.body || needed > this.body.length) {
      const capacity = Math.min(this.size, Math.max(FIRST_CAPACITY, needed * 2));
      const larger = Buffer.allocUnsafe(capacity);
      this.body?.copy(larger, 0, 0, this.received);
      this.body = larger;
    }
    piece.copy(this.body, this.received);
    this.received = needed;
    if (needed === this.size) this.emit(this.body.subarray(0, needed));
  }

  private emit(message: Buffer): void {
    const compressed = this.flag === 1;
    this.prefixBytes = this.size = this.received = 0;
    this.body = undefined;
    this.count++;
    this.take(message, compressed);
  }
}

export function tooLarge(limit: number): ServerError {
  return new ServerError(
    "PayloadTooLarge",
    `A message is larger than the ${limit} bytes that \`--max-body-bytes\` allows.`,
  );
}
