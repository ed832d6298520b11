import type { TensorLimits } from "../dataplane/tensor";
import { parseExactRequest } from "./exact-request";
import type { BodyRequest, RequestBody } from "./infer-request";
import { scanInferRequest } from "./scan/scan-request";

/** Parses a body: by the fast scanner if it is of the usual form, else exactly. @throws 400 naming what is wrong */
export function parseInferRequest(body: RequestBody, limits: TensorLimits): BodyRequest {
  return scanInferRequest(body, limits) ?? parseExactRequest(body, limits);
}
