import { randomBytes } from "node:crypto";

const USABLE = /^[\x21-\x7e]{1,128}$/;

// A random start and a count: unique per process and cheaper than randomness per request.
const prefix = randomBytes(8).toString("hex");
let count = 0;

/** An id that a client gave, where it can be echoed. */
export function usableRequestId(given: string | string[] | undefined): string | undefined {
  return typeof given === "string" && USABLE.test(given) ? given : undefined;
}

export function nextRequestId(): string {
  return `${prefix}-${(count++).toString(36)}`;
}
