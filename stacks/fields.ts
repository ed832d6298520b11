import { ConfigError } from "./config-error";

export type FieldType =
  | "text"
  | "number"
  | "flag"
  | "list of texts"
  | "list of numbers"
  | "map"
  | "map of texts"
  | "map of values"
  | "list of maps"
  | "list of tolerations"
  | "list of models";

/** A field of an entry in a list of the configuration. */
export interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
  /** Shown in the reference. */
  readonly default?: string;
  readonly doc: string;
}

/** How a value that does not fit is spoken of, and what fits. */
const FITS: Record<FieldType, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string" && value !== "",
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  "list of texts": (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  "list of numbers": (value) => Array.isArray(value) && value.every((item) => typeof item === "number"),
  map: isRecord,
  "map of texts": (value) =>
    isRecord(value) && Object.values(value).every((item) => typeof item === "string"),
  "map of values": (value) =>
    isRecord(value) &&
    Object.values(value).every((item) => ["string", "number", "boolean"].includes(typeof item)),
  "list of maps": (value) => Array.isArray(value) && value.every(isRecord),
  "list of tolerations": (value) =>
    Array.isArray(value) && value.every((item) => isRecord(item) && "key" in item),
  "list of models": (value) => Array.isArray(value),
};

/**
 * Checks that an entry has known fields only, those that it must have, each with a value that fits.
 * @param quote how a value that does not fit is spoken of; of a secret, nothing is
 * @throws ConfigError for the first thing that is wrong.
 */
export function checkFields(
  entry: unknown,
  fields: Readonly<Record<string, Field>>,
  path: string,
  quote: (value: unknown) => string = (value) => ` (${shorten(JSON.stringify(value))})`,
): void {
  const names = Object.keys(fields).join(", ");
  if (!isRecord(entry)) throw new ConfigError(`\`${path}\`${quote(entry)} must be a map with ${names}.`);
  for (const key of Object.keys(entry)) {
    if (!Object.hasOwn(fields, key))
      throw new ConfigError(`\`${path}.${key}\` does not exist; there are ${names}.`);
  }
  for (const [key, field] of Object.entries(fields)) {
    const value = entry[key];
    if (value === undefined || value === null) {
      if (!field.required) continue;
      throw new ConfigError(`\`${path}.${key}\` is missing: a ${field.type}. ${field.doc}`);
    }
    if (!FITS[field.type](value))
      throw new ConfigError(`\`${path}.${key}\`${quote(value)} must be a ${field.type}.`);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as it is quoted in a sentence. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
