import { createGunzip, createInflate, createInflateRaw, type Gunzip } from "node:zlib";
import type { ByteShare } from "../dataplane/byte-budget";
import { invalid, ServerError } from "../errors";
import { tooLarge } from "./body";
import { GrowingBytes } from "./growing-bytes";

export type RequestEncoding = "gzip" | "deflate";

/** Bytes of each piece that is inflated, and by which the limit may be passed before it is noticed. */
const PIECE = 64 * 1024;

/** The encoding of a body; undefined where it is plain. @throws UnsupportedEncoding */
export function requestEncoding(header: string | undefined): RequestEncoding | undefined {
  if (header === undefined) return undefined;
  const name = header.trim().toLowerCase();
  if (name === "" || name === "identity") return undefined;
  if (name === "gzip" || name === "x-gzip") return "gzip";
  if (name === "deflate") return "deflate";
  throw new ServerError(
    "UnsupportedEncoding",
    `The body's Content-Encoding (${header.slice(0, 40)}) is not taken; send it plain, gzip or deflate.`,
  );
}

/**
 * Inflates a body, off the event loop. Stops at the first byte beyond the limit or the budget, so that a small body
 * which inflates to gigabytes costs no more than a large one.
 * @param limit bytes of the inflated body
 * @param share is charged with the inflated bytes as they come; of the compressed ones, which it holds, it is relieved
 */
export function inflate(
  body: Buffer,
  encoding: RequestEncoding,
  limit: number,
  share: ByteShare,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = inflater(body, encoding);
    const bytes = new GrowingBytes(limit);
    let size = 0;
    const fail = (error: unknown) => {
      stream.destroy();
      reject(error);
    };
    stream.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > limit) return fail(tooLarge(limit));
      try {
        share.take(piece.length);
      } catch (error) {
        return fail(error);
      }
      bytes.add(piece);
    });
    stream.on("end", () => {
      share.giveBack(body.length);
      resolve(bytes.content());
    });
    stream.on("error", () =>
      fail(invalid(`The body is not valid ${encoding} data, as its Content-Encoding says.`)),
    );
    stream.end(body);
  });
}

function inflater(body: Buffer, encoding: RequestEncoding): Gunzip {
  if (encoding === "gzip") return createGunzip({ chunkSize: PIECE });
  // HTTP means zlib's format by `deflate`, but some clients send it without its header, which begins with 0x?8.
  return (body[0]! & 0x0f) === 8
    ? createInflate({ chunkSize: PIECE })
    : createInflateRaw({ chunkSize: PIECE });
}
