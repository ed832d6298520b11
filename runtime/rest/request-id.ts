import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

const USABLE = /^[\x21-\x7e]{1,128}$/;

// A random start and a count: unique per process and cheaper than randomness per request.
const prefix = randomBytes(8).toString("hex");
let count = 0;

/** The client's `x-request-id`, or a new one where it has none that can be echoed. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  if (typeof given === "string" && USABLE.test(given)) return given;
  return `${prefix}-${(count++).toString(36)}`;
}
