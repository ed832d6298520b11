import type { ByteShare } from "../dataplane/byte-budget";
import { ServerError } from "../errors";
import { GrowingBytes } from "./growing-bytes";
import { DISCARD, type BodySink, type Incoming } from "./incoming";

/** Who gets the body. Exactly one of the two is called, once. */
export interface BodyConsumer {
  bodyRead(body: Buffer): void;
  bodyFailed(error: unknown): void;
}

/** Bytes of the first buffer of a body that comes in more than one piece, where as many were announced. */
const MOST_AHEAD = 1024 * 1024;

/**
 * Collects a request's body. What the share is charged with is what has arrived, not what was announced: waiting for a
 * slow client costs nothing.
 */
export class BodyReader implements BodySink {
  private size = 0;
  private ended = false;
  private bytes: GrowingBytes | undefined;
  /** The only piece so far, which most bodies are: it need not be copied. */
  private only: Buffer | undefined;

  private constructor(
    private readonly limit: number,
    private readonly announced: number,
    private readonly share: ByteShare,
    private readonly consumer: BodyConsumer,
  ) {}

  /** @param limit bytes; more is refused as soon as it is known */
  static read(request: Incoming, limit: number, share: ByteShare, consumer: BodyConsumer): BodyReader {
    const announced = Number(request.headers["content-length"] ?? 0);
    const reader = new BodyReader(limit, announced, share, consumer);
    if (announced > limit) reader.fail(tooLarge(limit));
    else request.deliverTo(reader);
    return reader;
  }

  data(piece: Buffer): void {
    if (this.ended) return;
    if (this.size + piece.length > this.limit) {
      this.fail(tooLarge(this.limit));
      return;
    }
    try {
      this.share.take(piece.length);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.size === 0) this.only = piece;
    else this.several(piece.length).add(piece);
    this.size += piece.length;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.consumer.bodyRead(this.content());
  }

  /** Gives up on the rest of the body. */
  fail(error: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.only = this.bytes = undefined;
    this.consumer.bodyFailed(error);
  }

  private content(): Buffer {
    return this.only ?? this.bytes?.content() ?? Buffer.alloc(0);
  }

  /** @param more bytes of the next piece */
  private several(more: number): GrowingBytes {
    if (this.bytes !== undefined) return this.bytes;
    const expected = Math.max(this.size + more, Math.min(this.announced, MOST_AHEAD));
    this.bytes = new GrowingBytes(this.limit, expected);
    if (this.only !== undefined) this.bytes.add(this.only);
    this.only = undefined;
    return this.bytes;
  }
}

/** What is left of a body whose request was answered already. */
export function discardRest(request: Incoming, ended: () => void): void {
  request.deliverTo({ data: DISCARD.data, end: ended });
}

export function tooLarge(limit: number): ServerError {
  return new ServerError(
    "PayloadTooLarge",
    `The body is larger than the ${limit} bytes that \`--max-body-bytes\` allows.`,
  );
}
