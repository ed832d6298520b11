import { promisify } from "node:util";
import { deflate, gunzip, gzip, inflate } from "node:zlib";
import { invalid, ServerError } from "../../errors";
import { PREFIX_BYTES } from "../wire/wire-writer";
import { tooLarge } from "./message-reader";

/** How a message may be compressed; `identity` is not at all. */
export type Encoding = "gzip" | "deflate";

/** What clients are told where they use another one. */
export const ACCEPTED_ENCODINGS = "identity,deflate,gzip";

const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) };
const pack = {
  gzip: promisify<Buffer, { level: number }, Buffer>(gzip),
  deflate: promisify<Buffer, { level: number }, Buffer>(deflate),
};

/** Tensors of floats hardly shrink; the fastest level takes what there is. */
const LEVEL = 1;

/** Bytes; a shorter answer would gain nothing. */
const LEAST_COMPRESSED = 1024;

/** The compression that a call's `grpc-encoding` names. @throws 415 for one that the server lacks */
export function encodingOf(header: string | undefined): Encoding | undefined {
  if (header === undefined || header === "identity") return undefined;
  if (header === "gzip" || header === "deflate") return header;
  throw new ServerError(
    "UnsupportedEncoding",
    `The \`grpc-encoding\` ${JSON.stringify(header.slice(0, 40))} is not taken; use gzip, deflate or identity.`,
  );
}

/** Unpacks a message. @throws 413 as soon as more than `limit` bytes come out, 400 where it is damaged */
export async function decompress(
  message: Buffer,
  encoding: Encoding | undefined,
  limit: number,
): Promise<Buffer> {
  if (!encoding) throw invalid("A message is compressed, but the call has no `grpc-encoding`.");
  try {
    return await unpack[encoding](message, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw invalid(`A message is not valid ${encoding} data.`);
  }
}

/** A frame whose message is compressed; the frame itself where that does not make it smaller. */
export async function compressFrame(frame: Buffer, encoding: Encoding): Promise<Buffer> {
  if (frame.length < LEAST_COMPRESSED) return frame;
  const packed = await pack[encoding](frame.subarray(PREFIX_BYTES), { level: LEVEL });
  if (packed.length + PREFIX_BYTES >= frame.length) return frame;
  const smaller = Buffer.allocUnsafe(PREFIX_BYTES + packed.length);
  smaller[0] = 1;
  smaller.writeUInt32BE(packed.length, 1);
  packed.copy(smaller, PREFIX_BYTES);
  return smaller;
}
