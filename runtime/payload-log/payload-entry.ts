import { createHash } from "node:crypto";
import type { TensorData } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import type { Tensor } from "../dataplane/tensor";
import type { ErrorCode } from "../errors";

/** What of a tensor's values may be written down. */
export interface Redaction {
  /** Names of tensors, or `*`, whose values stay out. */
  readonly redact: readonly string[];
  /** Values that are kept, from the beginning of the tensor. */
  readonly maxElements: number;
  /** Keep the values of BYTES too. */
  readonly text: boolean;
}

export interface TensorRecord {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** The first values; absent where they are redacted. INT64 as text, what JSON lacks as `NaN`, `Infinity`. */
  readonly values?: readonly (number | string | boolean)[];
  /** SHA-256 of all values as they lie in memory; absent where they are redacted or too many to hash in passing. */
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

/** What may be kept of a tensor. Copies: the tensor's buffer is about to move to a worker. */
export function tensorRecord({ name, datatype, shape, data }: Tensor, redaction: Redaction): TensorRecord {
  const head = { name, datatype, shape: [...shape] };
  const { redact, maxElements, text } = redaction;
  if ((datatype === "BYTES" && !text) || redact.includes(name) || redact.includes("*")) {
    return { ...head, redacted: true };
  }
  const values: (number | string | boolean)[] = [];
  const count = Math.min(maxElements, data.length);
  for (let i = 0; i < count; i++) values.push(shownValue(datatype, data[i]!));
  const sha256 = digest(data);
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
