import type { Severity } from "@pulumi/policy";
import type {
  AuditReport,
  FindingState,
  FrameworkCoverage,
  ReportedFinding,
  ReportedResource,
  ReportedRule,
} from "../report";
import { counted, grouped } from "./text";

/** Worst first: what must be acted on, what may have to be, what somebody answers for, and the rest. */
export const STATES: readonly FindingState[] = ["fail", "indeterminate", "waived", "pass", "not-applicable"];

export const STATE_TITLES: Readonly<Record<FindingState, string>> = {
  fail: "Failed",
  indeterminate: "Indeterminate",
  waived: "Waived",
  pass: "Passed",
  "not-applicable": "Not applicable",
};

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Code units' order: the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers in it by their size, as documents count: 5.2.2 before 5.10.1. */
export function compareNumbered(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/(\d+)/)) as [string[], string[]];
  for (const [i, part] of left.entries()) {
    const other = right[i] ?? "";
    const order = i % 2 === 1 ? Number(part) - Number(other) : compareText(part, other);
    if (order !== 0 && !Number.isNaN(order)) return order;
  }
  return compareText(a, b);
}

/** Whether an unwaived failure of the rule makes the audit fail. */
export const isMandatory = ({ enforcement }: Pick<ReportedRule, "enforcement">): boolean =>
  enforcement === "mandatory" || enforcement === "remediate";

/** A rule with its findings, worst state first, in the report's order within a state. */
export interface RuleFindings {
  readonly rule: ReportedRule;
  readonly findings: Readonly<Record<FindingState, readonly ReportedFinding[]>>;
  /** The worst of its states; absent where nothing was judged. */
  readonly worst?: FindingState;
}

const stateRank = (state: FindingState | undefined) =>
  state === undefined ? STATES.length : STATES.indexOf(state);

export const none = (): Record<FindingState, ReportedFinding[]> => ({
  fail: [],
  indeterminate: [],
  waived: [],
  pass: [],
  "not-applicable": [],
});

/** By the worst finding, then mandatory before advisory, then severity, then name. */
export const compareRules = (a: RuleFindings, b: RuleFindings): number =>
  stateRank(a.worst) - stateRank(b.worst) ||
  Number(isMandatory(b.rule)) - Number(isMandatory(a.rule)) ||
  SEVERITIES.indexOf(a.rule.severity) - SEVERITIES.indexOf(b.rule.severity) ||
  compareText(a.rule.id, b.rule.id);

/** Every rule of the report with what came of it, worst first. */
export function rulesWorstFirst(report: Pick<AuditReport, "rules" | "findings">): RuleFindings[] {
  const byRule = new Map(report.rules.map((rule) => [rule.id, { rule, findings: none() }]));
  for (const finding of report.findings) {
    const entry = byRule.get(finding.rule);
    if (!entry) throw new Error(`a finding names rule \`${finding.rule}\`, which the report does not have`);
    entry.findings[finding.state].push(finding);
  }
  return [...byRule.values()]
    .map((entry) => ({ ...entry, worst: STATES.find((state) => entry.findings[state].length > 0) }))
    .sort(compareRules);
}

/**
 * "7 of 9 applicable controls met (1 of them with rules that are off), 2 failed; 10 not applicable": what does not apply is no
 * shortcoming.
 */
export function controlsInWords({ controls }: FrameworkCoverage): string {
  const count = (state: FindingState) => controls.filter((control) => control.state === state).length;
  const applicable = controls.length - count("not-applicable");
  if (applicable === 0) return `none of ${counted(controls.length, "control")} applicable`;
  const rest = (["fail", "indeterminate", "waived"] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `, ${grouped(count(state))} ${STATE_TITLES[state].toLowerCase()}`);
  const partly = controls.filter(({ state, disabled }) => state === "pass" && disabled).length;
  const but = partly > 0 ? ` (${grouped(partly)} of them with rules that are off)` : "";
  const others = applicable < controls.length ? `; ${grouped(count("not-applicable"))} not applicable` : "";
  return `${grouped(count("pass"))} of ${counted(applicable, "applicable control")} met${but}${rest.join("")}${others}`;
}

/** What an audit is that nothing fails and that is not known in full. */
export const unknownInWords = ({ mandatoryIndeterminate }: AuditReport["summary"]): string =>
  `No mandatory failure; ${counted(mandatoryIndeterminate, "mandatory finding")} not known.`;

/** Looks up the resource of a finding. What the report lacks is shown by its URN. */
export function resourcesOf(report: Pick<AuditReport, "resources">): (urn: string) => ReportedResource {
  const byUrn = new Map(report.resources.map((resource) => [resource.urn, resource]));
  return (urn) => byUrn.get(urn) ?? { urn, ...partsOfUrn(urn) };
}

function partsOfUrn(urn: string): Pick<ReportedResource, "type" | "name"> {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") || urn };
}

/** `index.ts:12:3` */
export const shownSource = ({ file, line, column }: NonNullable<ReportedResource["source"]>): string =>
  `${file}:${line}${column === undefined ? "" : `:${column}`}`;
