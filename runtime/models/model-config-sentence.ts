import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Characters of a value that a sentence repeats. */
const LONGEST_VALUE = 64;

/** What is wrong with a file, in one sentence that names the field, the value and the rule. */
export function sentenceOf(issue: Issue, file: string): string {
  const { message } = issue;
  const field = fieldOf(issue.path);
  const place = field === "" ? `\`${file}\`` : `\`${field}\` in \`${file}\``;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${place} has the unknown field \`${shortened(issue.keys[0] ?? "")}\`; it takes ${message}.`;
    case "invalid_key": {
      const parent = fieldOf(issue.path.slice(0, -1));
      const key = shortened(String(issue.path[issue.path.length - 1]));
      return `\`${parent}\` in \`${file}\` has the key \`${key}\`, which must be ${issue.issues[0]?.message ?? message}.`;
    }
    default:
      if (issue.input === undefined && field !== "") return `${place} is missing; it must be ${message}.`;
      return field === ""
        ? `${place} must be ${message}.`
        : `\`${field}\`${shown(issue.input)} in \`${file}\` must be ${message}.`;
  }
}

/**
 * Of a value that may be one of several things, the complaint of the one that it was meant to be: the object where an
 * object was given. Paths become whole.
 */
export function unfolded(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const meant = issue.errors.filter((errors) => errors.every((error) => !mistaken(error)));
  // Among several objects the one that knows most of the fields was meant.
  meant.sort((a, b) => unknownCount(a) - unknownCount(b));
  const [first] = meant[0] ?? [];
  if (!first || (meant.length > 1 && unknownCount(meant[0]!) > 0)) return issue;
  return unfolded({ ...first, path: [...issue.path, ...first.path] } as Issue);
}

/** The value is of another kind altogether. */
function mistaken(error: Issue): boolean {
  return error.path.length === 0 && (error.code === "invalid_type" || error.code === "invalid_value");
}

function unknownCount(errors: readonly Issue[]): number {
  return errors.filter((error) => error.code === "unrecognized_keys").length;
}

function fieldOf(path: readonly PropertyKey[]): string {
  let field = "";
  for (const part of path) {
    if (typeof part === "number") field += `[${part}]`;
    else field += `${field === "" ? "" : "."}${shortened(String(part))}`;
  }
  return field;
}

function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return ` (${String(value)})`;
  return typeof value === "string" && value !== "" && value.length <= LONGEST_VALUE ? ` (${value})` : "";
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
