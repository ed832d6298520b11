import type { Datatype } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import { shown } from "../dataplane/shown";
import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { PipelineCondition } from "../models/model-config-types";
import type { TensorSpec } from "../models/signature";

type Value = string | number | bigint | boolean;

/** What a condition looks at, as messages name it; undefined for `otherwise`. */
export function subjectOf({ parameter, tensor }: PipelineCondition): string | undefined {
  if (parameter !== undefined) return `the parameter \`${parameter}\``;
  return tensor === undefined ? undefined : `the tensor \`${tensor}\``;
}

/** @throws one sentence where a condition is none; `field` is its place in `model.json` */
export function requireCondition(field: string, when: PipelineCondition): void {
  const { parameter, tensor, in: values, min, max, otherwise } = when;
  const bounded = min !== undefined || max !== undefined;
  if (otherwise) {
    if (parameter !== undefined || tensor !== undefined || values || bounded) {
      throw new Error(`\`${field}\` has \`otherwise\`, which stands alone; remove its other fields.`);
    }
    return;
  }
  if ((parameter === undefined) === (tensor === undefined)) {
    throw new Error(`\`${field}\` must have exactly one of \`parameter\`, \`tensor\` and \`otherwise\`.`);
  }
  if ((values === undefined) === !bounded) {
    throw new Error(`\`${field}\` must have either \`in\` or at least one of \`min\` and \`max\`.`);
  }
  if (values?.length === 0) throw new Error(`\`${field}.in\` must hold at least one value.`);
  if (min !== undefined && max !== undefined && min > max) {
    throw new Error(`\`${field}.min\` (${min}) must be <= \`${field}.max\` (${max}).`);
  }
}

/** @throws one sentence where the values of a condition can never be those of the tensor that it reads */
export function requireComparable(field: string, when: PipelineCondition, spec: TensorSpec<Datatype>): void {
  const { name, datatype, shape } = spec;
  if (shape.some((size) => size > 1)) {
    throw new Error(
      `\`${field}.tensor\` reads a single value, but \`${name}\` has the shape [${shape.join(", ")}].`,
    );
  }
  const wanted = datatype === "BYTES" ? "string" : datatype === "BOOL" ? "boolean" : "number";
  const strange = when.in?.find((value) => typeof value !== wanted);
  if (strange !== undefined) {
    throw new Error(
      `\`${field}.in\` holds ${shown(strange)}, but \`${name}\` is ${datatype}; use a ${wanted}.`,
    );
  }
  if (!when.in && wanted !== "number") {
    throw new Error(`\`${field}\` has bounds, but \`${name}\` is ${datatype}; use \`in\`.`);
  }
}

/** Whether an earlier condition of the same switch matches whatever a later one does. */
export function covers(earlier: PipelineCondition, later: PipelineCondition): boolean {
  if (earlier.otherwise) return true;
  if (later.otherwise || subjectOf(earlier) !== subjectOf(later)) return false;
  if (later.in) return later.in.every((value) => matches(earlier, value));
  if (earlier.in) return false;
  return (
    (earlier.min ?? -Infinity) <= (later.min ?? -Infinity) &&
    (earlier.max ?? Infinity) >= (later.max ?? Infinity)
  );
}

/** Whether a value meets a condition; a parameter that the request lacks meets none but `otherwise`. */
export function matches(when: PipelineCondition, value: unknown): boolean {
  if (when.otherwise) return true;
  if (when.in) return when.in.some((wanted) => equal(wanted, value));
  if (typeof value !== "number" && typeof value !== "bigint") return false;
  return value >= (when.min ?? -Infinity) && value <= (when.max ?? Infinity);
}

/** Whole numbers come as bigints from INT64 tensors and gRPC parameters, but not from `model.json`. */
function equal(wanted: Value, value: unknown): boolean {
  if (typeof value !== "bigint") return wanted === value;
  return Number.isSafeInteger(wanted) && BigInt(wanted) === value;
}

/** The value of a tensor that a switch reads. @throws 400 where there are several */
export function singleValue({ name, datatype, data }: Tensor): Value {
  if (data.length !== 1) {
    throw invalid(`The pipeline chooses by the single value of \`${name}\`, but it has ${data.length}.`);
  }
  const value = data[0]!;
  if (datatype === "FP16") return float16Value(value as number);
  return datatype === "BOOL" ? value !== 0 : value;
}
