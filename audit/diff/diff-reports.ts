import { InputError } from "../input-error";
import { compareText, isMandatory } from "../render/order";
import type { FindingState, ReportedFinding } from "../report";
import type { StoredReport } from "../read-report";

/** A finding that is not what it was. `absent`: the rule or the resource was not there. */
export interface Change {
  readonly rule: string;
  readonly resource: string;
  readonly severity: string;
  readonly mandatory: boolean;
  readonly before: FindingState | "absent";
  readonly after: FindingState | "absent";
  /** What the later report says of it; of what is gone, the earlier one. */
  readonly messages: readonly string[];
}

export interface ReportDiff {
  /** Fails now and did not before, a waiver that ended included. */
  readonly newFailures: readonly Change[];
  /** Failed or was waived, and passes now, or is gone. */
  readonly fixed: readonly Change[];
  /** Failed, and somebody answers for it now. */
  readonly newlyWaived: readonly Change[];
  /** Failed, and cannot be judged now: neither new nor fixed. */
  readonly unclear: readonly Change[];
  /** Fails as it did. */
  readonly stillFailing: number;
}

/**
 * What happened between two reports of the same stack, sorted by rule, then resource.
 * @throws InputError where they are of different stacks
 */
export function diffReports(before: StoredReport, after: StoredReport): ReportDiff {
  const [from, to] = [subjectOf(before), subjectOf(after)];
  if (from !== to) throw new InputError(`are of two stacks, ${from} and ${to}, and cannot be compared`);
  const [old, now] = [byPair(before), byPair(after)];
  const rules = new Map([...before.rules, ...after.rules].map((rule) => [rule.id, rule]));
  const pairs = [...new Set([...old.keys(), ...now.keys()])].sort(compareText);
  const changes = pairs.map((pair): Change => {
    const [was, is] = [old.get(pair), now.get(pair)];
    const { rule, resource, messages } = (is ?? was)!;
    const declared = rules.get(rule);
    return {
      rule,
      resource,
      severity: declared?.severity ?? "",
      mandatory: declared !== undefined && isMandatory(declared),
      before: was?.state ?? "absent",
      after: is?.state ?? "absent",
      messages: Array.isArray(messages) ? messages.filter((one) => typeof one === "string") : [],
    };
  });
  const open = new Set<Change["before"]>(["fail", "waived"]);
  const harmless = new Set<Change["after"]>(["pass", "not-applicable", "absent"]);
  return {
    newFailures: changes.filter((one) => one.after === "fail" && one.before !== "fail"),
    fixed: changes.filter((one) => open.has(one.before) && harmless.has(one.after)),
    newlyWaived: changes.filter((one) => one.before === "fail" && one.after === "waived"),
    unclear: changes.filter((one) => one.before === "fail" && one.after === "indeterminate"),
    stillFailing: changes.filter((one) => one.before === "fail" && one.after === "fail").length,
  };
}

const subjectOf = ({ subject: { project, stack } }: StoredReport) => `${project}/${stack}`;

/** Pairs of rule and resource; neither has the separator in it. */
function byPair({ findings }: StoredReport): Map<string, ReportedFinding> {
  return new Map(findings.map((finding) => [`${finding.rule}\n${finding.resource}`, finding]));
}
