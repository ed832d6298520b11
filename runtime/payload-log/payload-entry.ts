import { createHash } from "node:crypto";
import type { TensorData } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import type { Tensor } from "../dataplane/tensor";
import type { ErrorCode } from "../errors";
import type { Redaction } from "./redaction";

export interface TensorRecord {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** The first values; absent where they are redacted, null each where single ones are. INT64 as text, what JSON lacks as `NaN`, `Infinity`. */
  readonly values?: readonly (number | string | boolean | null)[];
  /** SHA-256 of all values as they lie in memory; absent where any are redacted, or too many to hash in passing. */
  readonly sha256?: string;
  readonly redacted?: true;
}

/** One sampled request and what became of it. */
export interface PayloadEntry {
  /** When the request came, ISO 8601. */
  readonly time: string;
  readonly requestId: string | undefined;
  readonly model: string;
  readonly version: string;
  readonly inputs: readonly TensorRecord[];
  readonly outputs: readonly TensorRecord[];
  readonly milliseconds: number;
  readonly outcome: "OK" | ErrorCode;
}

/** Bytes of a tensor that are hashed on the way; a larger one would hold up other requests by milliseconds. */
const LARGEST_HASHED = 1_048_576;

/** Characters of a text that are kept. */
const LONGEST_TEXT = 256;

/**
 * What may be kept of a tensor. Copies: the tensor's buffer is about to move to a worker.
 * @param hidden whether it stays out as a whole
 */
export function tensorRecord(
  tensor: Tensor,
  redaction: Redaction,
  hidden = redaction.hides(tensor),
): TensorRecord {
  const { name, datatype, shape, data } = tensor;
  const head = { name, datatype, shape: [...shape] };
  if (hidden) return { ...head, redacted: true };
  const elements = redaction.hiddenElements(name);
  const width = shape.at(-1) ?? 1;
  const values: (number | string | boolean | null)[] = [];
  const count = Math.min(redaction.maxElements, data.length);
  for (let i = 0; i < count; i++) {
    values.push(elements?.has(i % width) ? null : shownValue(datatype, data[i]!));
  }
  // From the digest of all values the hidden ones could be found by trying, where there are few that they can be.
  const sha256 = elements === undefined ? digest(data) : undefined;
  return sha256 === undefined ? { ...head, values } : { ...head, values, sha256 };
}

function shownValue(datatype: string, value: TensorData[number]): number | string | boolean {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "string":
      return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
    case "number": {
      if (datatype === "BOOL") return value !== 0;
      const number = datatype === "FP16" ? float16Value(value) : value;
      return Number.isFinite(number) ? number : String(number);
    }
  }
}

function digest(data: TensorData): string | undefined {
  const hash = createHash("sha256");
  if (!Array.isArray(data)) {
    return data.byteLength > LARGEST_HASHED ? undefined : hash.update(data).digest("hex");
  }
  let left = LARGEST_HASHED;
  // As on the wire: each text behind its length, so that no two lists of texts look the same.
  const length = Buffer.alloc(4);
  for (const item of data) {
    length.writeUInt32LE(Buffer.byteLength(item));
    left -= 4 + Buffer.byteLength(item);
    if (left < 0) return undefined;
    hash.update(length).update(item);
  }
  return hash.digest("hex");
}
