import type { CheckFailure } from "../../shared/provider";
import { hasUnknown, isList, isUnknown, reveal } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";

/** What a kind of TLS resource does. All inputs that it is given to create from are known. */
export interface TlsResource {
  /** What an input is when the program leaves it out; in the outputs, as the official provider has it. */
  readonly defaults: Properties;
  /** Outputs that only a creation can tell. */
  readonly computed: readonly string[];
  /** Outputs that are secret whatever the inputs are. */
  readonly secret: readonly string[];
  /** Inputs that can change without a new key or certificate. */
  readonly updatable: readonly string[];
  /** What is wrong with the known ones among the inputs. */
  check(inputs: Inputs): CheckFailure[];
  /** The ID and the computed outputs. */
  create(inputs: Inputs): Promise<{ readonly id: string; readonly computed: Properties }>;
  /** True where the resource must be made anew at this time although no input changed. @default never */
  isExpired?(outputs: Inputs, now: Date): boolean;
}

/** Reads inputs by name: secrets looked through, defaults filled in. What is unknown reads as absent. */
export class Inputs {
  private readonly values: Properties;

  constructor(values: Properties, defaults: Properties = {}) {
    this.values = { ...defaults, ...withoutAbsent(reveal(values)) };
  }

  value(name: string): Value {
    const value = this.values[name];
    return hasUnknown(value) ? undefined : value;
  }

  isUnknown(name: string): boolean {
    return hasUnknown(this.values[name]);
  }

  isAbsent(name: string): boolean {
    return this.values[name] === undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === "string" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return typeof value === "number" ? value : undefined;
  }

  flag(name: string): boolean {
    return this.value(name) === true;
  }

  /** The known texts of a list. */
  texts(name: string): string[] {
    const value = this.values[name];
    if (!isList(value)) return [];
    return value.filter((item): item is string => typeof item === "string" && !isUnknown(item));
  }
}

function withoutAbsent(values: Properties): Properties {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present);
}

/** A failure where a known text is none of the allowed ones. */
export function oneOf(inputs: Inputs, name: string, allowed: readonly string[]): CheckFailure[] {
  const value = inputs.text(name);
  if (value === undefined || allowed.includes(value)) return [];
  return [{ property: name, reason: `\`${name}\` ("${value}") must be one of ${allowed.join(", ")}.` }];
}

/** A failure where a known number is too small. */
export function atLeast(inputs: Inputs, name: string, minimum: number): CheckFailure[] {
  const value = inputs.number(name);
  if (value === undefined || value >= minimum) return [];
  return [{ property: name, reason: `\`${name}\` (${value}) must be at least ${minimum}.` }];
}

/** A failure where none of the alternatives is given. */
export function required(inputs: Inputs, ...names: readonly string[]): CheckFailure[] {
  if (names.some((name) => !inputs.isAbsent(name))) return [];
  const [property = ""] = names;
  return [{ property, reason: `\`${property}\` is required.` }];
}
