import { isList, isObject, isUnknown } from "../../shared/values";
import type { CheckFailure } from "../../shared/provider";
import { formatPath } from "../../shared/diff";

type Path = readonly (string | number)[];

/** The part of an OpenAPI v3 schema, as CRDs and the API server use it, that is checked here. */
export interface Schema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
}

/** Finds what a `$ref` points at. */
export type Resolve = (ref: string) => Schema | undefined;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (isList(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function hasType(value: unknown, { type, ...schema }: Schema): boolean {
  const actual = typeOf(value);
  if (schema["x-kubernetes-int-or-string"]) return actual === "integer" || actual === "string";
  if (actual === "null") return schema.nullable === true || type === undefined;
  return type === undefined || actual === type || (type === "number" && actual === "integer");
}

class Validation {
  readonly failures: CheckFailure[] = [];
  constructor(private readonly resolve: Resolve) {}

  private fail(path: Path, reason: string): void {
    this.failures.push({ property: formatPath(path), reason });
  }

  value(path: Path, value: unknown, schema: Schema): void {
    // What is not known yet cannot be wrong yet; `null` means that the field is to be left out.
    if (isUnknown(value) || value === undefined || value === null) return;
    const target = schema.$ref === undefined ? schema : this.resolve(schema.$ref);
    if (target === undefined) return;
    // The API server's own documents wrap a reference in `allOf` to give it a default and a description.
    for (const part of target.allOf ?? []) this.value(path, value, part);
    if (!hasType(value, target)) {
      this.fail(
        path,
        `Expected ${target["x-kubernetes-int-or-string"] ? "an integer or a string" : target.type}, got ${typeOf(value)}.`,
      );
      return;
    }
    if (target.enum && !target.enum.includes(value)) {
      this.fail(
        path,
        `"${String(value)}" is none of ${target.enum.map((each) => `"${String(each)}"`).join(", ")}.`,
      );
    }
    if (typeof value === "string") this.text(path, value, target);
    else if (typeof value === "number") this.number(path, value, target);
    else if (isList(value)) this.list(path, value, target);
    else if (isObject(value)) this.object(path, value, target);
  }

  private text(path: Path, value: string, { pattern, minLength = 0, maxLength = Infinity }: Schema): void {
    if (value.length < minLength) this.fail(path, `"${value}" is shorter than ${minLength} characters.`);
    if (value.length > maxLength) this.fail(path, `The text is longer than ${maxLength} characters.`);
    if (pattern === undefined) return;
    try {
      if (!new RegExp(pattern, "u").test(value)) this.fail(path, `"${value}" does not match ${pattern}.`);
    } catch {
      // Go's expressions are not quite JavaScript's; the API server will have the last word.
    }
  }

  private number(path: Path, value: number, { minimum = -Infinity, maximum = Infinity }: Schema): void {
    if (value < minimum) this.fail(path, `${value} is less than ${minimum}.`);
    if (value > maximum) this.fail(path, `${value} is more than ${maximum}.`);
  }

  private list(
    path: Path,
    value: readonly unknown[],
    { items, minItems = 0, maxItems = Infinity }: Schema,
  ): void {
    if (value.length < minItems)
      this.fail(path, `Has ${value.length} items, but needs at least ${minItems}.`);
    if (value.length > maxItems)
      this.fail(path, `Has ${value.length} items, but may have at most ${maxItems}.`);
    if (items) value.forEach((item, index) => this.value([...path, index], item, items));
  }

  private object(path: Path, value: { readonly [key: string]: unknown }, schema: Schema): void {
    for (const name of schema.required ?? []) {
      if (value[name] === undefined || value[name] === null)
        this.fail([...path, name], "Required, but missing.");
    }
    const { properties, additionalProperties } = schema;
    const open = schema["x-kubernetes-preserve-unknown-fields"] || schema["x-kubernetes-embedded-resource"];
    const closed = properties !== undefined && !additionalProperties && !open;
    for (const [name, member] of Object.entries(value)) {
      const known = properties?.[name];
      if (known) this.value([...path, name], member, known);
      else if (isObject(additionalProperties))
        this.value([...path, name], member, additionalProperties as Schema);
      else if (closed) this.fail([...path, name], "Unknown field.");
    }
  }
}

/**
 * Checks a value against a structural schema: types, unknown and missing fields, enumerations, patterns and limits.
 * Unknown values pass. Rules in CEL are left to the API server.
 */
export function validate(
  value: unknown,
  schema: Schema,
  options: { path?: Path; resolve?: Resolve } = {},
): CheckFailure[] {
  const validation = new Validation(options.resolve ?? (() => undefined));
  validation.value(options.path ?? [], value, schema);
  return validation.failures;
}
