import assert from "node:assert/strict";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import { ServerError } from "../../../../runtime/errors";
import { parseExactRequest } from "../../../../runtime/rest/exact-request";
import type { BodyRequest, RequestBody } from "../../../../runtime/rest/infer-request";
import { scanInferRequest } from "../../../../runtime/rest/scan/scan-request";
import { LIMITS } from "./bodies";

/** Bit for bit: `deepEqual` takes -0 for 0. */
function comparable({ name, datatype, shape, data }: Tensor) {
  const bits = Array.isArray(data)
    ? data
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
  return { name, datatype, shape, kind: data.constructor.name, bits };
}

function exactOutcome(body: RequestBody): BodyRequest | ServerError {
  try {
    return parseExactRequest(body, LIMITS);
  } catch (error) {
    assert.ok(error instanceof ServerError, String(error));
    assert.equal(error.code, "InvalidArgument");
    return error;
  }
}

/**
 * Holds the fast scanner against the exact parser: what it takes, the other takes with the same result.
 * @returns whether the scanner took it
 */
export function assertSameRequest(bytes: Buffer, jsonLength = bytes.length): boolean {
  const body = { bytes, jsonLength };
  const exact = exactOutcome(body);
  const fast = scanInferRequest(body, LIMITS);
  if (fast === undefined) return false;
  if (exact instanceof ServerError) {
    assert.fail(`taken by the scanner only (${exact.message}): ${bytes.toString("latin1")}`);
  }
  assert.deepEqual(
    { ...fast, inputs: fast.inputs.map(comparable) },
    { ...exact, inputs: exact.inputs.map(comparable) },
    bytes.toString("latin1"),
  );
  return true;
}
