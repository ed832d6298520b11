import assert from "node:assert/strict";
import type { TensorLimits } from "../../../../runtime/dataplane/tensor";
import { ServerError } from "../../../../runtime/errors";
import type { BodyRequest } from "../../../../runtime/rest/infer-request";
import { parseInferRequest } from "../../../../runtime/rest/parse-request";

export const LIMITS: TensorLimits = { maxTensorElements: 2 ** 26, maxJsonDepth: 32 };

/** Parses a JSON body, and bytes after it where there are some. */
export function parseBody(json: string, tail: Uint8Array = Buffer.alloc(0), limits = LIMITS): BodyRequest {
  const text = Buffer.from(json);
  return parseInferRequest({ bytes: Buffer.concat([text, tail]), jsonLength: text.length }, limits);
}

/** The error with which something is refused, which must be the client's mistake. */
export function refusalOf(attempt: () => unknown): ServerError {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof ServerError, String(error));
    assert.equal(error.code, "InvalidArgument");
    return error;
  }
  throw new assert.AssertionError({ message: "it was accepted" });
}

/** A body with one input. */
export const tensorBody = (datatype: string, shape: string, data: string) =>
  `{"inputs":[{"name":"x","datatype":"${datatype}","shape":${shape},"data":${data}}]}`;
