/** One option: its flag is `--kebab-case` of its key, its environment variable SLIPWAY_ and that flag in capitals. */
export interface OptionSpec {
  readonly type: "text" | "path" | "integer" | "number" | "seconds" | "boolean" | "list" | "choice";
  /** Undefined where the option has no default: it is then required, or off where `optional`. */
  readonly default?: unknown;
  readonly optional?: boolean;
  /** Bounds of integer, number and seconds, inclusive. */
  readonly least?: number;
  readonly most?: number;
  /** Values of a choice. */
  readonly values?: readonly string[];
  readonly doc: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Bad usage: one sentence that names the argument and the values it takes. Exit status 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 64;
}

export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

export function variableOf(key: string): string {
  return `SLIPWAY_${flagOf(key).slice(2).replaceAll("-", "_").toUpperCase()}`;
}

/** What an option takes, in words. */
export function expectation(spec: OptionSpec): string {
  const bounds =
    spec.most === undefined ? ` >= ${spec.least ?? 0}` : ` from ${spec.least ?? 0} to ${spec.most}`;
  switch (spec.type) {
    case "integer":
      return `a whole number${bounds}`;
    case "number":
      return `a number${bounds}`;
    case "seconds":
      return `a number of seconds${bounds}`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${spec.values?.join(", ")}`;
    case "path":
      return "a path";
    case "list":
      return "a comma-separated list";
    case "text":
      return "a text";
  }
}

export interface ParsedArguments {
  readonly values: Record<string, unknown>;
  readonly positionals: string[];
}

/**
 * Reads flags over environment over defaults. Unknown flags and ill values throw; unknown variables are left alone.
 * @param takesArguments whether the command takes anything but flags
 */
export function parseArguments(
  table: OptionTable,
  command: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  takesArguments = false,
): ParsedArguments {
  const values: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(table)) {
    const text = env[variableOf(key)];
    // An empty variable is how templates say "not set".
    if (text) values[key] = parseText(spec, variableOf(key), text);
  }
  const keyByFlag = new Map(Object.keys(table).map((key) => [flagOf(key), key]));
  const positionals: string[] = [];
  const given = new Set<string>();
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (!argument.startsWith("-")) {
      if (!takesArguments) {
        throw new UsageError(
          `Unexpected argument \`${argument}\`; \`slipway ${command} --help\` lists the options.`,
        );
      }
      positionals.push(argument);
      continue;
    }
    const equals = argument.indexOf("=");
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const key = keyByFlag.get(flag);
    const spec = key === undefined ? undefined : table[key];
    if (key === undefined || spec === undefined) {
      throw new UsageError(
        `Unknown option \`${flag}\`; \`slipway ${command} --help\` lists those there are.`,
      );
    }
    let text = equals < 0 ? undefined : argument.slice(equals + 1);
    if (text === undefined) {
      const next = argv[i + 1];
      // A boolean may stand alone. What follows is its value where it can be nothing else.
      if (
        spec.type === "boolean" &&
        (next === undefined ||
          next.startsWith("-") ||
          (takesArguments && next !== "true" && next !== "false"))
      )
        text = "true";
      else {
        if (next === undefined) throw new UsageError(`\`${flag}\` must be followed by ${expectation(spec)}.`);
        text = next;
        i++;
      }
    }
    const value = parseText(spec, flag, text);
    // A list flag may be repeated; the first one replaces what the environment gave.
    values[key] =
      spec.type === "list" && given.has(key) ? [...(values[key] as string[]), ...(value as string[])] : value;
    given.add(key);
  }
  return { values, positionals };
}

function parseText(spec: OptionSpec, name: string, text: string): unknown {
  const wrong = () => new UsageError(`\`${name}\` (${text}) must be ${expectation(spec)}.`);
  switch (spec.type) {
    case "integer":
    case "number":
    case "seconds": {
      const plain = spec.type === "integer" ? /^\d+$/ : /^\d+(\.\d+)?$/;
      if (!plain.test(text) || !withinBounds(spec, Number(text))) throw wrong();
      return Number(text);
    }
    case "boolean":
      if (text !== "true" && text !== "false") throw wrong();
      return text === "true";
    case "choice":
      if (!spec.values?.includes(text)) throw wrong();
      return text;
    case "list":
      return text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
    default:
      if (text === "") throw wrong();
      return text;
  }
}

/**
 * Completes values with the defaults, checks every one and freezes the result. For values given by a program rather
 * than as text; unknown keys are refused.
 */
export function completeOptions(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(table, key)) {
      throw new UsageError(`Unknown option \`${key}\`; there are ${Object.keys(table).join(", ")}.`);
    }
  }
  const complete: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(table)) {
    const value = values[key] ?? spec.default;
    if (value === undefined) {
      if (spec.optional) continue;
      throw new UsageError(`\`${flagOf(key)}\` (or ${variableOf(key)}) must be given: ${expectation(spec)}.`);
    }
    if (!fits(spec, value)) {
      throw new UsageError(`\`${flagOf(key)}\` (${String(value)}) must be ${expectation(spec)}.`);
    }
    complete[key] = Array.isArray(value) ? Object.freeze([...value]) : value;
  }
  return Object.freeze(complete);
}

function withinBounds(spec: OptionSpec, value: number): boolean {
  return value >= (spec.least ?? 0) && value <= (spec.most ?? Number.MAX_SAFE_INTEGER);
}

function fits(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case "integer":
      return Number.isInteger(value) && withinBounds(spec, value as number);
    case "number":
    case "seconds":
      return Number.isFinite(value) && withinBounds(spec, value as number);
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && (spec.values?.includes(value) ?? false);
    case "list":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    default:
      return typeof value === "string" && value !== "";
  }
}

/** Headings, each with the first option below it. */
export type OptionTopics<Key extends string = string> = Readonly<Record<string, Key>>;

/** Columns that a line of `--help` may have. */
const HELP_WIDTH = 110;
const HELP_INDENT = "      ";

/** The lines of `--help` for a table. */
export function describeOptions(table: OptionTable, topics: OptionTopics = {}): string {
  const headings = new Map(Object.entries(topics).map(([heading, first]) => [first, heading]));
  return Object.entries(table)
    .flatMap(([key, spec]) => {
      const heading = headings.get(key);
      const fallback =
        spec.default === undefined ? (spec.optional ? "" : " (required)") : ` (default ${defaultText(spec)})`;
      return [
        ...(heading === undefined ? [] : ["", `${heading}:`]),
        `  ${flagOf(key)} <${spec.values?.join("|") ?? spec.type}>`,
        ...wrapped(`${spec.doc}${fallback}; ${variableOf(key)}`),
      ];
    })
    .join("\n");
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= HELP_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${HELP_INDENT}${word}`);
  }
  return lines;
}

/** A default as help and reference print it. */
export function defaultText(spec: OptionSpec): string {
  if (Array.isArray(spec.default)) return spec.default.length === 0 ? "none" : spec.default.join(",");
  return spec.default === undefined ? "" : String(spec.default);
}
