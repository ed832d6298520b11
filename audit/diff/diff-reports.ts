import { stackUrn } from "../collect/urn";
import { InputError } from "../input-error";
import { textMember } from "../json";
import { compareText, isMandatory } from "../render/order";
import type { FindingState, ReportedFinding } from "../report";
import type { StoredReport } from "../read-report";
import { NOT_REACHED } from "../unjudged";

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
  /** Failed or was waived, and is not judged now, as the rule cannot tell, or is off or gone: neither new nor fixed. */
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
  const unjudged = whyUnjudged(after);
  const dropped = new Set<Change>();
  const open = new Set<Change["before"]>(["fail", "waived"]);
  const rules = new Map([...before.rules, ...after.rules].map((rule) => [rule.id, rule]));
  const pairs = [...new Set([...old.keys(), ...now.keys()])].sort(compareText);
  const changes = pairs.map((pair): Change => {
    const [was, is] = [old.get(pair), now.get(pair)];
    const { rule, resource, messages } = (is ?? was)!;
    const declared = rules.get(rule);
    const why = was && open.has(was.state) ? unjudged(rule, resource, is?.state) : undefined;
    const change: Change = {
      rule,
      resource,
      severity: declared?.severity ?? "",
      mandatory: declared !== undefined && isMandatory(declared),
      before: was?.state ?? "absent",
      after: is?.state ?? "absent",
      messages:
        why !== undefined
          ? [why]
          : Array.isArray(messages)
            ? messages.filter((one) => typeof one === "string")
            : [],
    };
    if (why !== undefined) dropped.add(change);
    return change;
  });
  const harmless = new Set<Change["after"]>(["pass", "not-applicable", "absent"]);
  return {
    newFailures: changes.filter((one) => one.after === "fail" && one.before !== "fail"),
    fixed: changes.filter((one) => open.has(one.before) && harmless.has(one.after) && !dropped.has(one)),
    newlyWaived: changes.filter((one) => one.before === "fail" && one.after === "waived"),
    unclear: changes.filter(
      (one) => open.has(one.before) && (one.after === "indeterminate" || dropped.has(one)),
    ),
    stillFailing: changes.filter((one) => one.before === "fail" && one.after === "fail").length,
  };
}

/** Why a report does not judge what it says nothing of, or that the rule does not apply; undefined where that is the answer. */
function whyUnjudged(
  report: StoredReport,
): (rule: string, resource: string, state: FindingState | undefined) => string | undefined {
  const { project, stack } = report.subject;
  const enforced = new Map(report.rules.map(({ id, enforcement }) => [id, enforcement]));
  const there = new Set(
    (Array.isArray(report.resources) ? (report.resources as readonly unknown[]) : []).map((one) =>
      textMember(one, "urn"),
    ),
  );
  const findings = byPair(report);
  const isUnreached = (rule: string) => {
    const onStack = findings.get(`${rule}\n${stackUrn(project, stack)}`);
    return onStack?.state === "indeterminate" && [onStack.messages].flat().includes(NOT_REACHED);
  };
  return (rule, resource, state) => {
    if (state !== undefined && state !== "not-applicable") return undefined;
    if (state === undefined && isUnreached(rule)) return NOT_REACHED;
    if (!there.has(resource)) return undefined;
    const enforcement = enforced.get(rule);
    if (enforcement === undefined) return "No longer judged: the later report's pack does not have the rule.";
    return enforcement === "disabled" ? "No longer judged: the rule is switched off." : undefined;
  };
}

const subjectOf = ({ subject: { project, stack } }: StoredReport) => `${project}/${stack}`;

/** Pairs of rule and resource; neither has the separator in it. */
function byPair({ findings }: StoredReport): Map<string, ReportedFinding> {
  return new Map(findings.map((finding) => [`${finding.rule}\n${finding.resource}`, finding]));
}
