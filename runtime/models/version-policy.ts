import type { VersionPolicy } from "./model-config-types";

/**
 * The versions to serve, ascending. Versions that are asked for by number are among them even where the repository lacks
 * them, so that the index can say so.
 * @param present ascending
 */
export function chosenVersions(policy: VersionPolicy, present: readonly string[]): readonly string[] {
  if (policy === "all") return present;
  if ("latest" in policy) return present.slice(-policy.latest);
  return [...new Set(policy.specific.map(String))].sort(byVersion);
}

/**
 * The versions that may stand in for chosen ones, highest first: those that served before what is newer came. A version that
 * is asked for by its number is meant itself.
 */
export function standInVersions(policy: VersionPolicy, present: readonly string[]): readonly string[] {
  if (policy === "all" || !("latest" in policy)) return [];
  return present.slice(0, -policy.latest).reverse();
}

/** Orders versions by their number. */
export function byVersion(a: string, b: string): number {
  return Number(BigInt(a) - BigInt(b));
}
