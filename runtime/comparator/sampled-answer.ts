import type { OutputTensor } from "../../rollout/comparison/answer";

/** A model's answer to one request, as a slot sends it: one JSON object. */
export interface SampledAnswer {
  /** The same on both slots: the gateway copies it with a mirrored request. */
  readonly requestId: string;
  readonly model: string;
  readonly outputs: readonly OutputTensor[];
}

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
/** Characters of a model's name. */
const LONGEST_NAME = 200;
/** Types whose numbers JSON cannot hold: they come as text. */
const WIDE_INTEGERS = new Set(["INT64", "UINT64"]);
const NO_NUMBERS: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** @returns the answer, or a sentence that says what is wrong with it */
export function readSampledAnswer(json: string): SampledAnswer | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return "it is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it must be an object";
  const { requestId, model, outputs } = value as Record<string, unknown>;
  if (typeof requestId !== "string" || !REQUEST_ID.test(requestId)) {
    return "`requestId` must be a text of 1 to 128 visible ASCII characters";
  }
  if (typeof model !== "string" || model === "" || model.length > LONGEST_NAME) {
    return `\`model\` must be a text of 1 to ${LONGEST_NAME} characters`;
  }
  if (!Array.isArray(outputs)) return "`outputs` must be a list of V2 tensors";
  return { requestId, model, outputs: (outputs as unknown[]).map(readOutput) };
}

/** The tensor as it is; what JSON lacks, and therefore came as text, becomes a number. */
function readOutput(output: unknown): OutputTensor {
  const tensor = (output ?? {}) as OutputTensor;
  const { datatype, data } = tensor;
  if (!Array.isArray(data) || datatype === "BYTES") return tensor;
  return { ...tensor, data: (data as unknown[]).map((value) => numberOf(value, datatype)) };
}

function numberOf(value: unknown, datatype: string): unknown {
  if (typeof value !== "string") return value;
  if (WIDE_INTEGERS.has(datatype) && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  return NO_NUMBERS[value] ?? value;
}
