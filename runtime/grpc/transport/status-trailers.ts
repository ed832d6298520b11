import type { OutgoingHttpHeaders } from "node:http2";
import { ERRORS, RETRY_AFTER_SECONDS, type ServerError } from "../../errors";

export const OK_TRAILERS: OutgoingHttpHeaders = { "grpc-status": "0" };

/** What a call that was refused ends with. */
export function statusTrailers(refusal: ServerError): OutgoingHttpHeaders {
  const { grpc, http } = ERRORS[refusal.code];
  const trailers: OutgoingHttpHeaders = {
    "grpc-status": String(grpc),
    "grpc-message": encodeMessage(refusal.message),
  };
  // Clients of gRPC that retry by themselves wait this long, in milliseconds.
  if (http === 503) trailers["grpc-retry-pushback-ms"] = String(RETRY_AFTER_SECONDS * 1000);
  return trailers;
}

/** gRPC's percent-encoding: everything but printable ASCII, and the percent sign itself. */
export function encodeMessage(message: string): string {
  if (/^[\x20-\x24\x26-\x7e]*$/.test(message)) return message;
  let encoded = "";
  for (const byte of Buffer.from(message, "utf8")) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
