import { InputError } from "./input-error";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of an object; never what its prototype has. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" ? found : undefined;
}

/** @throws InputError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") throw new InputError("is empty");
    // What the reader says besides quotes the file, whatever is in it.
    const position = /position (\d+)/.exec(String(error))?.[1];
    const where = position === undefined ? "" : `: it breaks off or errs at character ${position}`;
    throw new InputError(`is not whole JSON${where}`);
  }
}

/** A value's kind for a sentence: "a list", "text", "nothing". */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}
