import { isIP } from "node:net";
import { SlipwayError } from "../errors";

/** Host with an optional port, and an optional path under which repositories lie. */
const ADDRESS = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)$/;

/** Loopback and the ranges of RFC 1918. */
const PRIVATE = /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./;

function partsOf(registry: string): { host: string; authority: string; path: string } {
  const match = ADDRESS.exec(registry);
  if (match) return { host: match[1]!, authority: match[1]! + (match[2] ?? ""), path: match[3]! };
  throw new SlipwayError(
    `The registry "${registry}" must be a host, as in registry.example.com:5000/team: no scheme, lower-case path.`,
  );
}

/**
 * True for registries that are spoken to without TLS: those at a private address or on this machine, which no authority
 * gives a certificate. The same rule as in other tools that push images (crane, ko).
 */
export function speaksPlainHttp(registry: string): boolean {
  const { host } = partsOf(registry);
  return host === "localhost" || host === "[::1]" || (isIP(host) === 4 && PRIVATE.test(host));
}

/** Where the distribution API of a repository lies: `https://HOST/v2/PATH/REPOSITORY`. */
export function repositoryUrl(registry: string, repository: string): string {
  const { authority, path } = partsOf(registry);
  return `${speaksPlainHttp(registry) ? "http" : "https"}://${authority}/v2${path}/${repository}`;
}
