import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

type Reasons = Readonly<Record<string, string>>;

/** Why the pack and others differ: the only part of the page that is written by hand. */
export interface Explanations {
  /** By pair: why the pack does not find it. */
  readonly missed: Reasons;
  /** By pair: what is found on the good one, and why. */
  readonly falseAlarms: Reasons;
  /** By scanner and check: why the pack does not find what the check finds. */
  readonly onlyScanner: Reasons;
  /** By scanner and area: why the scanner does not find what the pack finds. */
  readonly onlyPack: Reasons;
  /** By pair from outside: why the pack does not find it. */
  readonly outsiders: Reasons;
  /** By pair of an auditor's: why the pack does not find it. */
  readonly auditors: Reasons;
  /** By rule: why it fails for what an auditor held to be well configured. */
  readonly auditorsAlarms: Reasons;
  /** By scanner and check: why the pack has nothing against what the check is against. */
  readonly good: Reasons;
}

export const EXPLANATIONS = join(__dirname, "explanations.yaml");

export function explanations(): Explanations {
  return parse(readFileSync(EXPLANATIONS, "utf8")) as Explanations;
}
