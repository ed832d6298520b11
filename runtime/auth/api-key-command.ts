import { randomBytes } from "node:crypto";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import { hashOfKey, KEY_NAME, parseExpiry } from "./api-keys";
import { isScope, SCOPE_LIST } from "./scopes";

interface ApiKeyOptions {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires?: string;
}

/** Every option of `slipway api-key`, once. */
export const API_KEY_OPTIONS = {
  name: { type: "text", doc: "who the key is for; logs and refusals call its owner by it" },
  scopes: { type: "list", default: ["infer"], doc: "what the key allows: infer, admin, metrics" },
  expires: {
    type: "text",
    optional: true,
    doc: "day or time (UTC) from which on the key is not taken any more: 2027-01-31 or 2027-01-31T12:00:00Z",
  },
} as const satisfies Record<keyof ApiKeyOptions, OptionSpec>;

const HELP = `Usage: slipway api-key --name NAME [options] >> FILE

Makes an API key. The key itself goes to the terminal (stderr), once: it is stored nowhere. The line for the file of
\`slipway serve --api-keys-file FILE\` goes to stdout; it holds the key's SHA-256 only.

Options (each also as environment variable):
${describeOptions(API_KEY_OPTIONS)}

Examples:
  slipway api-key --name ci --scopes infer >> keys
  slipway api-key --name operator --scopes infer,admin --expires 2027-01-31 >> keys
`;

/** Tells a key from other random text, so that scanners for leaked secrets can find it. */
const PREFIX = "slw_";
/** Bytes; nobody guesses them, which is why one round of SHA-256 is enough to keep them. */
const KEY_BYTES = 32;

export interface Surroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * `slipway api-key`.
 * @param now milliseconds of the epoch
 * @returns the exit status
 * @throws UsageError
 */
export function apiKey(
  argv: readonly string[],
  { stdout, stderr, env }: Surroundings = process,
  now = Date.now(),
): number {
  if (argv.includes("--help") || argv.includes("-h")) {
    stdout.write(HELP);
    return 0;
  }
  const { values } = parseArguments(API_KEY_OPTIONS, "api-key", argv, env);
  const options = completeOptions(API_KEY_OPTIONS, values) as unknown as ApiKeyOptions;
  check(options, now);
  const { name, scopes, expires } = options;
  const key = `${PREFIX}${randomBytes(KEY_BYTES).toString("base64url")}`;
  const line = [name, `sha256:${hashOfKey(key)}`, scopes.join(","), ...(expires ? [expires] : [])].join(" ");
  stderr.write(`The key of ${name}, shown this once:\n`);
  stderr.write(`${key}\n`);
  stdout.write(`${line}\n`);
  return 0;
}

/** @throws UsageError where the server would not take the line, or never take the key */
function check({ name, scopes, expires }: ApiKeyOptions, now: number): void {
  if (!KEY_NAME.test(name)) {
    throw new UsageError(
      `\`--name\` (${name}) must be up to 128 letters, digits, dots, dashes, underscores and at signs, the first a letter or digit.`,
    );
  }
  if (scopes.length === 0 || !scopes.every(isScope)) {
    throw new UsageError(`\`--scopes\` (${scopes.join(",")}) must be some of ${SCOPE_LIST}.`);
  }
  if (expires === undefined) return;
  const time = parseExpiry(expires);
  if (Number.isNaN(time)) {
    throw new UsageError(
      `\`--expires\` (${expires}) must be a day or a time (UTC) such as 2027-01-31 or 2027-01-31T12:00:00Z.`,
    );
  }
  if (time <= now) throw new UsageError(`\`--expires\` (${expires}) must lie ahead.`);
}
