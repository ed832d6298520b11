import type { IncomingMessage } from "node:http";
import type { ByteShare } from "../dataplane/byte-budget";
import { cancelled, ServerError } from "../errors";

/**
 * Collects a request's body.
 * @param limit bytes; more is refused as soon as it is known
 * @param share is charged with what has arrived, not with what was announced: waiting for a slow client costs nothing
 */
export function readBody(request: IncomingMessage, limit: number, share: ByteShare): Promise<Buffer> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    return Promise.reject(
      new ServerError(
        "UnsupportedEncoding",
        `The body's Content-Encoding (${encoding.slice(0, 40)}) is not taken; send it plain.`,
      ),
    );
  }
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const body = new GrowingBuffer(limit);
    request.on("data", (chunk: Buffer) => {
      try {
        if (body.size + chunk.length > limit) throw tooLarge(limit);
        share.take(chunk.length);
      } catch (error) {
        request.removeAllListeners("data");
        reject(error);
        return;
      }
      body.append(chunk);
    });
    request.on("end", () => resolve(body.content()));
    const gone = () => {
      if (!request.complete) reject(cancelled());
    };
    request.on("error", gone);
    request.on("close", gone);
  });
}

function tooLarge(limit: number): ServerError {
  return new ServerError(
    "PayloadTooLarge",
    `The body is larger than the ${limit} bytes that \`--max-body-bytes\` allows.`,
  );
}

/** Bytes of the first buffer of a body that comes in more than one piece. */
const FIRST_CAPACITY = 64 * 1024;

/** Joins pieces as they come. A list of them would take a hundred times the memory of a body sent byte by byte. */
class GrowingBuffer {
  size = 0;
  private bytes: Buffer | undefined;
  /** The only piece so far, which most bodies are: it need not be copied. */
  private only: Buffer | undefined;

  constructor(private readonly limit: number) {}

  append(piece: Buffer): void {
    if (this.size === 0) this.only = piece;
    else this.room(this.size + piece.length).set(piece, this.size);
    this.size += piece.length;
  }

  content(): Buffer {
    return this.only ?? this.bytes?.subarray(0, this.size) ?? Buffer.alloc(0);
  }

  private room(size: number): Buffer {
    if (this.bytes && this.bytes.length >= size) return this.bytes;
    const doubled = Math.max(FIRST_CAPACITY, size, Math.min(this.limit, size * 2));
    const grown = Buffer.allocUnsafe(doubled);
    grown.set(this.content());
    this.only = undefined;
    return (this.bytes = grown);
  }
}
