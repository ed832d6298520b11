import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import { float16Bits, float16Value } from "../dataplane/float16";
import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { PipelineCombine } from "../models/model-config-types";
import type { TensorSpec } from "../models/signature";

type Numbers = Exclude<TensorData, string[]>;

const FLOATS: readonly Datatype[] = ["FP16", "FP32", "FP64"];

/** @throws one sentence where a combination contradicts itself; `field` is its place in `model.json` */
export function requireCombine(field: string, { of, by = "mean", weights, axis }: PipelineCombine): void {
  if (of.length === 0) throw new Error(`\`${field}.of\` must name at least one tensor.`);
  if (axis !== undefined && by !== "concat") {
    throw new Error(`\`${field}.axis\` (${axis}) is for \`by\` "concat" only, but it is "${by}".`);
  }
  if (axis !== undefined && !(Number.isInteger(axis) && axis >= 0)) {
    throw new Error(`\`${field}.axis\` (${axis}) must be a whole number >= 0.`);
  }
  if (!weights) return;
  if (by !== "mean" && by !== "sum") {
    throw new Error(`\`${field}.weights\` is for \`by\` "mean" and "sum" only, but it is "${by}".`);
  }
  if (weights.length !== of.length) {
    throw new Error(
      `\`${field}.weights\` has ${weights.length} numbers for ${of.length} tensors in \`${field}.of\`.`,
    );
  }
  if (!weights.every(Number.isFinite)) throw new Error(`\`${field}.weights\` must hold finite numbers.`);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (by === "mean" && !(total > 0)) {
    throw new Error(`\`${field}.weights\` add up to ${total}, but for a mean the sum must be > 0.`);
  }
}

/**
 * The type and shape that a combination gives.
 * @throws one sentence where its tensors cannot be joined
 */
export function combinedSpec(
  field: string,
  { output, by = "mean", axis = 0 }: PipelineCombine,
  parts: readonly TensorSpec<Datatype>[],
): TensorSpec<Datatype> {
  const [first] = parts as [TensorSpec<Datatype>];
  const { datatype } = first;
  // Models give no dimensions for scalars, but neither for tensors whose rank they do not know.
  const ranked = parts.filter(({ shape }) => shape.length > 0);
  const rank = ranked[0]?.shape.length ?? 0;
  for (const part of parts) {
    if (part.datatype !== datatype || (part.shape.length > 0 && part.shape.length !== rank)) {
      throw new Error(`\`${field}\` cannot join ${described(first)} and ${described(part)}.`);
    }
  }
  if ((by === "mean" || by === "sum") && !FLOATS.includes(datatype)) {
    throw new Error(
      `\`${field}.by\` (${by}) takes FP16, FP32 and FP64, but \`${first.name}\` is ${datatype}.`,
    );
  }
  if (by !== "concat" && (datatype === "BYTES" || datatype === "BOOL")) {
    throw new Error(`\`${field}.by\` (${by}) takes numbers, but \`${first.name}\` is ${datatype}.`);
  }
  if (by === "concat" && rank > 0 && axis >= rank) {
    throw new Error(
      `\`${field}.axis\` (${axis}) must be < ${rank}, the number of dimensions of \`${ranked[0]!.name}\`.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, i) => {
    const sizes = parts.map((part) => part.shape[i] ?? -1);
    if (by === "concat" && i === axis)
      return sizes.includes(-1) ? -1 : sizes.reduce((sum, size) => sum + size, 0);
    const [size = -1, ...others] = new Set(sizes.filter((known) => known !== -1));
    if (others.length > 0) {
      const other = parts.find((part) => part.shape[i] === others[0])!;
      throw new Error(`\`${field}\` cannot join ${described(first)} and ${described(other)}.`);
    }
    return size;
  });
  return { name: output, datatype, shape };
}

function described({ name, datatype, shape }: TensorSpec<Datatype>): string {
  return `\`${name}\` (${datatype} [${shape.join(", ")}])`;
}

/** Joins the tensors of one request. @throws 400 where their sizes, which the request decides, do not fit */
export function combine(
  { output, by = "mean", weights, axis = 0 }: PipelineCombine,
  parts: readonly Tensor[],
): Tensor {
  const [first] = parts as [Tensor];
  const free = by === "concat" ? axis : -1;
  for (const part of parts) {
    const fits =
      part.shape.length === first.shape.length &&
      part.shape.every((size, i) => i === free || size === first.shape[i]);
    if (!fits || free >= part.shape.length) {
      throw invalid(
        `The pipeline cannot combine \`${first.name}\` [${first.shape.join(", ")}] and \`${part.name}\` [${part.shape.join(", ")}] for this request.`,
      );
    }
  }
  const { datatype } = first;
  if (by === "concat") {
    const shape = first.shape.map((size, i) =>
      i === axis ? parts.reduce((sum, part) => sum + part.shape[i]!, 0) : size,
    );
    return { name: output, datatype, shape, data: concat(parts, axis) };
  }
  const arrays = parts.map(({ data }) => data as Numbers);
  const data =
    by === "mean" || by === "sum" ? weighted(datatype, arrays, by, weights) : extreme(datatype, arrays, by);
  return { name: output, datatype, shape: first.shape, data };
}

/** Row-major, so that each tensor brings one run of elements for each index of the dimensions before the axis. */
function concat(parts: readonly Tensor[], axis: number): TensorData {
  const outer = parts[0]!.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const runs = parts.map(({ data }) => data.length / outer);
  const [{ data: first }] = parts as [Tensor];
  if (Array.isArray(first)) {
    return Array.from({ length: outer }, (_, i) =>
      parts.flatMap(({ data }, k) => (data as string[]).slice(i * runs[k]!, (i + 1) * runs[k]!)),
    ).flat();
  }
  const joined = new (first.constructor as new (length: number) => Float32Array)(
    parts.reduce((sum, { data }) => sum + data.length, 0),
  );
  let at = 0;
  for (let i = 0; i < outer; i++) {
    parts.forEach(({ data }, k) => {
      joined.set((data as Float32Array).subarray(i * runs[k]!, (i + 1) * runs[k]!), at);
      at += runs[k]!;
    });
  }
  return joined;
}

/** Added in double precision and rounded once, so that the order of the tensors hardly matters. */
function weighted(
  datatype: Datatype,
  arrays: readonly Numbers[],
  by: "mean" | "sum",
  weights: readonly number[] = arrays.map(() => 1),
): Numbers {
  const total = by === "mean" ? weights.reduce((sum, weight) => sum + weight, 0) : 1;
  const half = datatype === "FP16";
  const result = new DATATYPES[datatype as "FP32"].array(arrays[0]!.length);
  for (let i = 0; i < result.length; i++) {
    let sum = 0;
    for (let k = 0; k < arrays.length; k++) {
      const value = arrays[k]![i] as number;
      sum += weights[k]! * (half ? float16Value(value) : value);
    }
    result[i] = half ? float16Bits(sum / total) : sum / total;
  }
  return result;
}

/** NaN wins, as in ONNX's Max and Min. */
function extreme(datatype: Datatype, arrays: readonly Numbers[], by: "max" | "min"): Numbers {
  const value = datatype === "FP16" ? float16Value : (bits: number) => bits;
  // Through the constructor, because that of FP16 is the one of its bits.
  const result = arrays[0]!.slice() as Float32Array;
  for (const array of arrays.slice(1) as Float32Array[]) {
    for (let i = 0; i < result.length; i++) {
      const candidate = value(array[i]!);
      const held = value(result[i]!);
      const wins = by === "max" ? candidate > held : candidate < held;
      if (wins || candidate !== candidate) result[i] = array[i]!;
    }
  }
  return result;
}
