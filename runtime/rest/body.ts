import type { ByteShare } from "../dataplane/byte-budget";
import { ServerError } from "../errors";
import { isShared } from "../free-memory";
import { GrowingBytes } from "./growing-bytes";
import { DISCARD, type BodySink, type Incoming } from "./incoming";

/** Who gets the body. Exactly one of the two is called, once. */
export interface BodyConsumer {
  /** @param body the only view of its memory */
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
  /** The only piece so far, which most bodies are: it need not be copied where nobody else has a part of its memory. */
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
    if (this.size === 0 && !isShared(piece)) this.only = piece;
    else this.append(piece);
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

  private append(piece: Buffer): void {
    const { bytes, only } = this;
    if (bytes !== undefined) bytes.take(piece);
    else {
      const expected = Math.max(this.size + piece.length, Math.min(this.announced, MOST_AHEAD));
      this.bytes = new GrowingBytes(this.limit, expected);
      if (only !== undefined) this.bytes.take(only);
      this.bytes.take(piece);
      this.only = undefined;
    }
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
