import { hash as digest, timingSafeEqual } from "node:crypto";
import type { Principal, Scope } from "./authenticator";
import { isScope, SCOPE_LIST } from "./scopes";

/** One line of the key file. */
interface ApiKey extends Principal {
  readonly hash: Buffer;
  /** Milliseconds of the epoch. */
  readonly expires: number;
}

/** Keys by the SHA-256 of their text, in hex. */
export type ApiKeys = ReadonlyMap<string, ApiKey>;

/** What a key may be called. */
export const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;

/**
 * Parses a file of keys: a line each of name, `sha256:<hex>`, scopes with commas between, and optionally the day or
 * time (UTC) from which on the key is not taken any more. Empty lines and those that begin with `#` count for nothing.
 * @throws Error whose message completes a sentence that begins with the file
 */
export function parseApiKeys(text: string): ApiKeys {
  const keys = new Map<string, ApiKey>();
  const names = new Set<string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const key = parseLine(line, `has in line ${i + 1}`);
    if (names.has(key.subject)) {
      throw new Error(`has in line ${i + 1} the name \`${key.subject}\` again; each key needs its own.`);
    }
    names.add(key.subject);
    const hex = key.hash.toString("hex");
    if (keys.has(hex)) throw new Error(`has in line ${i + 1} the hash of an earlier line again.`);
    keys.set(hex, key);
  }
  return keys;
}

function parseLine(line: string, where: string): ApiKey {
  const [name = "", hash = "", scopes = "", expires, ...rest] = line.trim().split(/\s+/);
  if (!KEY_NAME.test(name)) {
    throw new Error(`${where} no name of letters, digits, dots, dashes, underscores and at signs.`);
  }
  // The text of a wrong line is never repeated: it may be a key that was pasted instead of its hash.
  const hex = /^sha256:([0-9a-f]{64})$/.exec(hash)?.[1];
  if (hex === undefined || rest.length > 0) {
    throw new Error(
      `${where} (\`${name}\`) not the form \`<name> sha256:<64 hex digits> <scope>[,<scope>] [<expiry>]\`.`,
    );
  }
  const list = scopes.split(",");
  if (!list.every(isScope)) {
    throw new Error(`${where} (\`${name}\`) an unknown scope; there are ${SCOPE_LIST}.`);
  }
  const time = expires === undefined ? Infinity : parseExpiry(expires);
  if (Number.isNaN(time)) {
    throw new Error(
      `${where} (\`${name}\`) no expiry of the form \`2027-01-31\` or \`2027-01-31T12:00:00Z\`.`,
    );
  }
  return { subject: name, scopes: new Set<Scope>(list), hash: Buffer.from(hex, "hex"), expires: time };
}

/** Milliseconds of the epoch; NaN where it is neither a day nor a time. */
export function parseExpiry(text: string): number {
  return DATE.test(text) ? Date.parse(text) : NaN;
}

/** Compared with where no key has the hash, so that both ways take the same steps. */
const NO_HASH = Buffer.alloc(32);

export function hashOfKey(key: string): string {
  return digest("sha256", key);
}

/**
 * The owner of a key; "expired" where it was valid once, undefined where it never was. Found by hash, so that neither
 * the number of keys nor a key's place among them shows in the time that an answer takes.
 */
export function findApiKey(keys: ApiKeys, given: string, now: number): Principal | "expired" | undefined {
  const hex = hashOfKey(given);
  const key = keys.get(hex);
  if (!timingSafeEqual(Buffer.from(hex, "hex"), key?.hash ?? NO_HASH) || !key) return undefined;
  return now < key.expires ? key : "expired";
}
