import type { IncomingMessage } from "node:http";
import { ServerError } from "../errors";

/** The client went away before its body was complete; nobody is left to answer. */
export class ClientGone extends Error {}

/**
 * Collects a request's body.
 * @param limit bytes; more is refused as soon as it is known
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
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
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners("data");
        reject(tooLarge(limit));
      } else if (first === undefined) first = chunk;
      else (chunks ??= [first]).push(chunk);
    });
    request.on("end", () => resolve(chunks ? Buffer.concat(chunks, size) : (first ?? Buffer.alloc(0))));
    const gone = () => {
      if (!request.complete) reject(new ClientGone());
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
