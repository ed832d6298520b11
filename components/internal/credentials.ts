import { createHash } from "node:crypto";
import { RunError } from "@pulumi/pulumi";

/** Characters; what a person makes up is not as long, and Envoy compares keys and hashes without slowing a guesser down. */
export const SHORTEST_KEY = 32;
export const SHORTEST_PASSWORD = 20;

/** Name and secret of each caller. */
export type Pairs = readonly (readonly [name: string, secret: string])[];

/** What is wrong with a key; never the key itself. */
export function keyProblem(key: string): string | undefined {
  if (key.length >= SHORTEST_KEY && /^[\x21-\x7e]+$/.test(key)) return undefined;
  return `a key of ${key.length} characters must have at least ${SHORTEST_KEY}, printable ones without blanks`;
}

/** What is wrong with a password; never the password itself. */
export function passwordProblem(password: string): string | undefined {
  if (password.length >= SHORTEST_PASSWORD) return undefined;
  return `a password of ${password.length} characters must have at least ${SHORTEST_PASSWORD}: Envoy keeps it as an unsalted SHA-1`;
}

/** Data of a Secret. */
export function encoded(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs.map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]));
}

/**
 * Data of the Secret that Envoy Gateway reads API keys from.
 * @throws RunError for keys that were not known when the inputs were checked, and are not good enough.
 */
export function keySecret(owner: string, keys: Pairs): Record<string, string> {
  const holders = new Map<string, string>();
  for (const [client, key] of keys) {
    const path = `auth.apiKeys.clients.${client}.key`;
    refuse(owner, path, keyProblem(key));
    const other = holders.get(key);
    // Envoy Gateway would refuse the whole policy.
    if (other !== undefined) refuse(owner, path, `is also the key of "${other}"`);
    holders.set(key, client);
  }
  return encoded(keys);
}

/**
 * Data of the Secret that Envoy Gateway reads names and passwords from, in the one form that Envoy knows.
 * @throws RunError for passwords that were not known when the inputs were checked, and are not good enough.
 */
export function passwordSecret(owner: string, passwords: Pairs): Record<string, string> {
  const lines = passwords.map(([user, password]) => {
    refuse(owner, `auth.basic.users.${user}.password`, passwordProblem(password));
    return `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}`;
  });
  return encoded([[".htpasswd", lines.join("\n")]]);
}

function refuse(owner: string, path: string, problem: string | undefined): void {
  if (problem !== undefined) throw new RunError(`"${owner}": \`${path}\`: ${problem}`);
}
