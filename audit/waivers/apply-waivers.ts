import { groupBy } from "../../policies/model/group-by";
import type { CollectedFinding } from "../collect/collected";
import { daysBetween, isDay } from "../day";
import type { ReportedFinding, WaiverProblem } from "../report";
import type { ConfiguredRule } from "../rules";
import type { ReadWaivers, WrittenWaiver } from "./read-waivers";
import { urnGlob } from "./urn-glob";

/** Half a year: longer, and nobody remembers. */
export const DEFAULT_MAX_WAIVER_DAYS = 180;

export interface WaiverTerms {
  /** The day that expiry is judged by. */
  readonly asOf: string;
  /** Days from `asOf` that a waiver may go on. */
  readonly maxDays: number;
}

export interface WaivedFindings {
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly WaiverProblem[];
}

/**
 * Failures that a waiver holds for become waived; where several do, the first one counts. A waiver that only meets
 * findings which cannot be judged yet changes nothing and is no problem: the update will tell.
 */
export function applyWaivers(
  findings: readonly CollectedFinding[],
  { waivers, problems }: ReadWaivers,
  rules: readonly ConfiguredRule[],
  terms: WaiverTerms,
): WaivedFindings {
  const result: ReportedFinding[] = [...findings];
  const found: WaiverProblem[] = [...problems];
  const places = groupBy(findings.keys(), (i) => findings[i]!.rule);
  for (const waiver of waivers) {
    const { line } = waiver;
    const flaw = flawOf(waiver, rules, terms);
    if (flaw !== undefined) {
      found.push({ line, message: flaw });
      continue;
    }
    const glob = urnGlob(waiver.resource);
    const met = (places.get(waiver.rule) ?? []).filter((i) => isOpen(findings[i]!, glob));
    for (const i of met) {
      if (result[i]!.state === "fail") result[i] = waived(result[i]!, waiver);
    }
    if (met.length === 0) found.push({ line, message: unmatched(waiver) });
  }
  return { findings: result, problems: found.sort((a, b) => a.line - b.line) };
}

const isOpen = ({ state, resource }: CollectedFinding, glob: ReturnType<typeof urnGlob>) =>
  (state === "fail" || state === "indeterminate") && glob.matches(resource);

function waived(finding: ReportedFinding, waiver: WrittenWaiver): ReportedFinding {
  const { owner, reason, ticket, expires, line } = waiver;
  return { ...finding, state: "waived", waiver: { owner, reason, ticket, expires, line } };
}

function flawOf(
  waiver: WrittenWaiver,
  rules: readonly ConfiguredRule[],
  { asOf, maxDays }: WaiverTerms,
): string | undefined {
  const { rule: id, expires, owner } = waiver;
  const found = rules.find(({ rule }) => rule.id === id);
  if (!found) return `The waiver is for \`${id}\`, and there is no such rule.`;
  if (found.rule.waivable === false) return `The rule \`${id}\` cannot be waived: mend what it finds.`;
  if (!isDay(expires))
    return `The waiver for \`${id}\` expires on ${expires}, which is no day of the calendar.`;
  const days = daysBetween(asOf, expires);
  if (days < 0) {
    return `The waiver for \`${id}\` has expired on ${expires}; ${owner} must mend the finding or renew it.`;
  }
  if (days > maxDays) {
    return `The waiver for \`${id}\` goes on for ${days} days, until ${expires}; at most ${maxDays} are allowed.`;
  }
  return undefined;
}

const unmatched = ({ rule, resource }: WrittenWaiver) =>
  `The waiver for \`${rule}\` matches no failure: nothing fails at \`${resource}\`. Remove it.`;
