import { invalid } from "../errors";
import type { InputRules } from "../models/model-config-types";
import type { TensorSpec } from "../models/signature";
import type { Datatype } from "./datatypes";
import { float16Bits, float16Value } from "./float16";
import type { ModelSpec } from "./model-spec";
import { shown } from "./shown";
import type { Tensor } from "./tensor";

/** Checks inputs in the model's order. @throws 400 naming the input, the element, its value and the rule */
export type CheckInputs = (inputs: readonly Tensor[]) => void;

/** Checks one input. */
type Check = (tensor: Tensor) => void;

type Numbers = Exclude<Tensor["data"], string[] | BigInt64Array | BigUint64Array>;

const FLOATS: ReadonlySet<Datatype> = new Set<Datatype>(["FP16", "FP32", "FP64"]);
const WIDE: ReadonlySet<Datatype> = new Set<Datatype>(["INT64", "UINT64"]);

/** Values that a message lists. */
const MOST_LISTED = 10;

/**
 * Makes a check of the rules in `model.json`; undefined where there are none.
 * @throws Error with one sentence where a rule does not suit the model
 */
export function compileInputRules(
  model: string,
  spec: ModelSpec,
  rules: Readonly<Record<string, InputRules>> | undefined,
): CheckInputs | undefined {
  const checks: { readonly position: number; readonly check: Check }[] = [];
  for (const [name, given] of Object.entries(rules ?? {})) {
    const position = spec.inputs.findIndex((input) => input.name === name);
    const input = spec.inputs[position];
    if (!input) {
      const inputs = spec.inputs.map((known) => `\`${known.name}\``).join(", ");
      throw new Error(
        `\`validation\` in \`model.json\` names the input \`${name}\`, but model \`${model}\` takes ${inputs}.`,
      );
    }
    checks.push(...checksOf(input, given).map((check) => ({ position, check })));
  }
  if (checks.length === 0) return undefined;
  return (inputs) => {
    for (const { position, check } of checks) check(inputs[position]!);
  };
}

function checksOf(input: TensorSpec<Datatype>, rules: InputRules): Check[] {
  requireSuitable(input, rules);
  const { name, datatype } = input;
  const checks: Check[] = [];
  if (rules.minShape !== undefined || rules.maxShape !== undefined) checks.push(shapeCheck(rules));
  if (rules.min !== undefined || rules.max !== undefined || rules.finite === true) {
    checks.push(WIDE.has(datatype) ? wideRangeCheck(rules) : rangeCheck(datatype, rules));
  }
  if (rules.minLength !== undefined || rules.maxLength !== undefined) checks.push(lengthCheck(rules));
  if (rules.values !== undefined) checks.push(valuesCheck(name, datatype, rules.values));
  return checks;
}

/** Rules that could never hold, or never fail, are mistakes. */
function requireSuitable({ name, datatype, shape }: TensorSpec<Datatype>, rules: InputRules): void {
  const refuse = (rule: keyof InputRules, why: string) => {
    throw new Error(`\`validation.${name}.${rule}\` in \`model.json\` ${why}.`);
  };
  const isNumber = datatype !== "BYTES" && datatype !== "BOOL";
  for (const rule of ["min", "max"] as const) {
    if (rules[rule] !== undefined && !isNumber) refuse(rule, `is for numbers, but the input is ${datatype}`);
  }
  if (rules.finite === true && !FLOATS.has(datatype)) {
    refuse("finite", `is for FP16, FP32 and FP64, but the input is ${datatype}`);
  }
  for (const rule of ["minLength", "maxLength"] as const) {
    if (rules[rule] !== undefined && datatype !== "BYTES") {
      refuse(rule, `is for texts (BYTES), but the input is ${datatype}`);
    }
  }
  for (const rule of ["minShape", "maxShape"] as const) {
    const sizes = rules[rule];
    if (sizes === undefined) continue;
    if (sizes.length !== shape.length) {
      refuse(rule, `has ${sizes.length} dimensions, but the input has ${shape.length}`);
    }
    for (const [i, size] of sizes.entries()) {
      const fixed = shape[i]!;
      if (size === null || fixed === -1 || (rule === "minShape" ? fixed >= size : fixed <= size)) continue;
      refuse(rule, `does not allow the size ${fixed} that dimension ${i} of the input always has`);
    }
  }
  if (rules.values !== undefined && datatype === "BOOL") refuse("values", "is not for BOOL");
}

function fail(name: string, index: number, value: unknown, rule: string): never {
  throw invalid(`Input \`${name}\` holds ${shown(value)} at element ${index}, must be ${rule}.`);
}

function shapeCheck({ minShape = [], maxShape = [] }: InputRules): Check {
  return ({ name, shape }) => {
    for (let i = 0; i < shape.length; i++) {
      const size = shape[i]!;
      const least = minShape[i] ?? 1;
      const most = maxShape[i] ?? Infinity;
      if (size >= least && size <= most) continue;
      const rule = size < least ? `at least ${least}` : `at most ${most}`;
      throw invalid(
        `Input \`${name}\` has the shape [${shape.join(", ")}], whose dimension ${i} must be ${rule}.`,
      );
    }
  };
}

/** A bound as the input's own type has it: an FP32 0.1 is more than 0.1, and yet is what a client sends for it. */
function rounded(datatype: Datatype, bound: number): number {
  if (datatype === "FP32") return Math.fround(bound);
  return datatype === "FP16" ? float16Value(float16Bits(bound)) : bound;
}

function rangeCheck(datatype: Datatype, { min, max, finite = false }: InputRules): Check {
  const most = Number.MAX_VALUE;
  const low = Math.max(rounded(datatype, min ?? -Infinity), finite ? -most : -Infinity);
  const high = Math.min(rounded(datatype, max ?? Infinity), finite ? most : Infinity);
  const explain = (name: string, index: number, value: number): never => {
    if (finite && !Number.isFinite(value)) fail(name, index, value, "finite");
    // NaN lies in no range.
    if (min !== undefined && !(value >= low)) fail(name, index, value, `at least ${min}`);
    return fail(name, index, value, `at most ${max}`);
  };
  if (datatype === "FP16") {
    return ({ name, data }) => {
      const bits = data as Uint16Array;
      for (let i = 0; i < bits.length; i++) {
        const value = float16Value(bits[i]!);
        if (!(value >= low && value <= high)) explain(name, i, value);
      }
    };
  }
  return ({ name, data }) => {
    const numbers = data as Numbers;
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (!(value >= low && value <= high)) explain(name, i, value);
    }
  };
}

/** Numbers and big integers compare exactly, whatever their size. */
function wideRangeCheck({ min, max }: InputRules): Check {
  return ({ name, data }) => {
    const numbers = data as BigInt64Array;
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (min !== undefined && value < min) fail(name, i, value, `at least ${min}`);
      if (max !== undefined && value > max) fail(name, i, value, `at most ${max}`);
    }
  };
}

function lengthCheck({ minLength = 0, maxLength = Infinity }: InputRules): Check {
  return ({ name, data }) => {
    const texts = data as string[];
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i]!;
      // A character takes one or two units: most texts need no counting.
      if (text.length <= maxLength && text.length >= minLength * 2) continue;
      const length = characters(text);
      if (length >= minLength && length <= maxLength) continue;
      const rule = length < minLength ? `at least ${minLength}` : `at most ${maxLength}`;
      throw invalid(
        `Input \`${name}\` holds a text of ${length} characters at element ${i}, must have ${rule}.`,
      );
    }
  };
}

/** Characters, not the halves of surrogate pairs. */
function characters(text: string): number {
  let pairs = 0;
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xdc00 && code <= 0xdfff && isHighSurrogate(text.charCodeAt(i - 1))) pairs++;
  }
  return text.length - pairs;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function valuesCheck(name: string, datatype: Datatype, values: readonly (number | string)[]): Check {
  const allowed = new Set<unknown>(values.map((value) => allowedValue(name, datatype, value)));
  const listed = values.slice(0, MOST_LISTED).map(shown).join(", ");
  const rule = `one of ${listed}${values.length > MOST_LISTED ? `, … (${values.length} in all)` : ""}`;
  const valueOf = datatype === "FP16" ? float16Value : undefined;
  return ({ name: input, data }) => {
    for (let i = 0; i < data.length; i++) {
      const value = valueOf ? valueOf(data[i] as number) : data[i];
      if (!allowed.has(value)) fail(input, i, value, rule);
    }
  };
}

/** A value as it lies in the tensor's data. */
function allowedValue(name: string, datatype: Datatype, value: number | string): unknown {
  const refuse = (what: string) => {
    throw new Error(
      `\`validation.${name}.values\` in \`model.json\` holds ${shown(value)}, but the input is ${datatype}: it must hold ${what}.`,
    );
  };
  if (datatype === "BYTES") return typeof value === "string" ? value : refuse("texts");
  if (WIDE.has(datatype)) {
    // Beyond 2^53 a number of JSON is not exact any more; a text of digits is.
    const exact = typeof value === "string" ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
    return exact ? BigInt(value) : refuse("whole numbers, those beyond 2^53 as texts of digits");
  }
  if (typeof value !== "number") return refuse("numbers");
  return rounded(datatype, value);
}
