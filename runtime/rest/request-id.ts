import type { IncomingMessage } from "node:http";
import { nextRequestId, usableRequestId } from "../request-id";

/** The client's `x-request-id`, or a new one where it has none that can be echoed. */
export function requestId(request: IncomingMessage): string {
  return usableRequestId(request.headers["x-request-id"]) ?? nextRequestId();
}
