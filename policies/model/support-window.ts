import type { PolicyConfigSchema } from "@pulumi/policy";
import tables from "./aws-support.json";
import type { RuleConfig } from "./rule";
import type { Subject } from "./subject";
import type { Verdict } from "./verdict";

/** Until when the versions of something get fixes, as a page said on a day. */
export interface SupportTable {
  readonly source: string;
  /** The copy that was read, and its revision. */
  readonly through: string;
  /** The day on which the source was read, YYYY-MM-DD. */
  readonly read: string;
  /** The day from which a version gets no fixes any more without extra pay, by its name. */
  readonly ends: Readonly<Record<string, string>>;
}

export const SUPPORT: Readonly<Record<"eks" | "lambda", SupportTable>> = tables;

/** Days that a table is trusted for; versions come and go within a year. */
const TRUSTED_DAYS = 365;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The parameter that such a rule has: the day comes from whoever judges, so that rules ask no clock. */
export const AS_OF: NonNullable<PolicyConfigSchema["properties"]>[string] = {
  type: "string",
  pattern: "^(?:\\d{4}-\\d{2}-\\d{2})?$",
  default: "",
  description: "The day as of which to judge, YYYY-MM-DD; empty means today, or the day of an audit.",
};

/** Where it can be read that the table says so, for descriptions. */
export const citation = ({ source, through, read }: SupportTable): string =>
  `${source} as of ${read} (${through})`;

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/**
 * Judges a version by a table: out of support fails; what the table does not know, and what it says when it has grown old,
 * is indeterminate.
 * @param what the version in a sentence: "Kubernetes 1.32"
 */
export function judgeSupport(
  subject: Subject,
  verdict: Verdict,
  { asOf }: RuleConfig,
  table: SupportTable,
  version: string,
  what: string,
): void {
  const day = typeof asOf === "string" && DAY.test(asOf) ? asOf : table.read;
  const end = Object.hasOwn(table.ends, version) ? table.ends[version] : undefined;
  if (end !== undefined && end <= day)
    return verdict.fail(subject, `must not run ${what}, which is out of standard support since ${end}.`);
  if (end === undefined)
    return verdict.indeterminate(
      subject,
      `cannot be judged: the table of ${table.read} does not know ${what} (${table.source}).`,
    );
  if (daysBetween(table.read, day) > TRUSTED_DAYS)
    verdict.indeterminate(
      subject,
      `cannot be judged: the table of ${table.read} is more than ${TRUSTED_DAYS} days old on ${day}; take a newer release of the pack.`,
    );
}
