import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import { float16Bits } from "../dataplane/float16";
import type { ModelSpec } from "../dataplane/model-spec";
import { elementCount, type Tensor } from "../dataplane/tensor";
import type { WarmupConfig, WarmupTensor } from "./model-config-types";

/** The tensors of one warm-up request. @throws one sentence where `warmup` does not fit the model */
export function warmupTensors(
  { inputs = {} }: WarmupConfig,
  spec: ModelSpec,
  random = Math.random,
): Tensor[] {
  for (const name of Object.keys(inputs)) {
    if (!spec.inputs.some((input) => input.name === name)) {
      const known = spec.inputs.map((input) => `\`${input.name}\``).join(", ");
      throw new Error(`\`warmup.inputs\` in \`model.json\` has \`${name}\`, but the model takes ${known}.`);
    }
  }
  return spec.inputs.map(({ name, datatype, shape: declared }) => {
    const wanted: WarmupTensor = Object.hasOwn(inputs, name) ? inputs[name]! : {};
    const shape = wanted.shape ?? declared.map((size) => (size === -1 ? 1 : size));
    const count = elementCount(name, shape);
    return { name, datatype, shape, data: dataOf(name, datatype, count, wanted.data ?? "zeros", random) };
  });
}

function dataOf(
  name: string,
  datatype: Datatype,
  count: number,
  wanted: NonNullable<WarmupTensor["data"]>,
  random: () => number,
): TensorData {
  if (typeof wanted !== "string") {
    if (wanted.length !== count) {
      throw new Error(
        `\`warmup.inputs.${name}.data\` in \`model.json\` has ${wanted.length} values, but its shape has ${count}.`,
      );
    }
    if (datatype === "BYTES") return wanted.map(String);
    return filled(datatype, count, (i) => valueOf(name, datatype, wanted[i]!));
  }
  if (datatype === "BYTES") return Array.from({ length: count }, () => "");
  return wanted === "zeros"
    ? new DATATYPES[datatype].array(count)
    : filled(datatype, count, () => randomValue(datatype, random));
}

type Numeric = Exclude<Datatype, "BYTES">;

function filled(datatype: Numeric, count: number, value: (i: number) => number | bigint): TensorData {
  const data = new DATATYPES[datatype].array(count);
  for (let i = 0; i < count; i++) (data as (number | bigint)[] & typeof data)[i] = value(i);
  return data;
}

/** Floats from 0 to 1, integers 0 or 1: small enough to be an index of any table. */
function randomValue(datatype: Numeric, random: () => number): number | bigint {
  const value = random();
  if (datatype === "FP16") return float16Bits(value);
  if (datatype === "FP32" || datatype === "FP64") return value;
  const bit = value < 0.5 ? 0 : 1;
  return datatype === "INT64" || datatype === "UINT64" ? BigInt(bit) : bit;
}

function valueOf(name: string, datatype: Numeric, value: number | string | boolean): number | bigint {
  const refused = () =>
    new Error(
      `\`warmup.inputs.${name}.data\` in \`model.json\` holds ${String(value)}, which is not a ${datatype} value.`,
    );
  if (datatype === "BOOL") {
    if (typeof value !== "boolean") throw refused();
    return value ? 1 : 0;
  }
  if (datatype === "INT64" || datatype === "UINT64") {
    // A text keeps the digits that a JSON number would lose.
    if (typeof value === "boolean" || !/^-?\d{1,20}$/.test(String(value))) throw refused();
    const integer = BigInt(value);
    const kept = datatype === "INT64" ? BigInt.asIntN(64, integer) : BigInt.asUintN(64, integer);
    if (kept !== integer) throw refused();
    return integer;
  }
  if (typeof value !== "number") throw refused();
  const info = DATATYPES[datatype];
  if ("range" in info) {
    const [least, most] = info.range;
    if (!Number.isInteger(value) || value < least || value > most) throw refused();
    return value;
  }
  return datatype === "FP16" ? float16Bits(value) : value;
}
