import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { ServerError } from "../../errors";
import { statusTrailers } from "./status-trailers";

/** Bytes of a call's headers, names and values with 32 more each, as HTTP/2 counts them. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** The status of HTTP for what is not gRPC at all. */
export function refusedByHttp(headers: IncomingHttpHeaders): number | undefined {
  if (headers[":method"] !== "POST") return 405;
  const type = headers["content-type"];
  // `application/grpc+json` and others would need another codec; `+proto` and parameters are the same one.
  return type !== undefined && /^application\/grpc(\+proto)?(;|$)/.test(type) ? undefined : 415;
}

/** Node holds clients to the limit only once they have acknowledged it. @throws 413 */
export function checkHeaderBytes(raw: readonly string[]): void {
  let bytes = raw.length * 16;
  for (let i = 0; i < raw.length; i++) bytes += raw[i]!.length;
  if (bytes > MAX_HEADER_BYTES) {
    throw new ServerError(
      "PayloadTooLarge",
      `The call's headers are larger than the ${MAX_HEADER_BYTES} bytes that are taken.`,
    );
  }
}

export function unknownMethod(path: string): ServerError {
  return new ServerError("RouteNotFound", `There is no method \`${path}\`.`);
}

/** Ends a stream with a status before there is a call; a client that goes on sending would keep its connection for ever. */
export function refuseStream(
  stream: ServerHttp2Stream,
  refusal: ServerError,
  more: OutgoingHttpHeaders = {},
): void {
  stream.respond(
    { ":status": 200, "content-type": "application/grpc", ...statusTrailers(refusal), ...more },
    { endStream: true },
  );
  stream.resume();
  // A turn later, as a reset would overtake the answer.
  setImmediate(() => {
    if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}
