import type { ByteShare } from "../dataplane/byte-budget";
import type { TensorLimits } from "../dataplane/tensor";
import { parseExactRequest } from "./exact-request";
import type { BodyRequest, RequestBody } from "./infer-request";
import { scanInferRequest } from "./scan/scan-request";

/**
 * Parses a body: by the fast scanner if it is of the usual form, else exactly.
 * @param share is charged with what the exact way takes of the heap
 * @throws 400 naming what is wrong; 413 or 503 where it takes too much memory
 */
export function parseInferRequest(body: RequestBody, limits: TensorLimits, share?: ByteShare): BodyRequest {
  return scanInferRequest(body, limits) ?? parseExactRequest(body, limits, share);
}
