import type { Collected } from "./collect/collected";
import { parseUrn, stackUrn } from "./collect/urn";
import { frameworkCoverage } from "./coverage";
import { compareText, isMandatory } from "./render/order";
import {
  type AuditReport,
  type FindingState,
  type ReportedFinding,
  type ReportedInput,
  type ReportedResource,
  type ReportedRule,
  SCHEMA_VERSION,
} from "./report";
import { type ConfiguredRule, reportedRule } from "./rules";
import { isUnjudged } from "./unjudged";
import { applyWaivers, type WaiverTerms } from "./waivers/apply-waivers";
import type { ReadWaivers } from "./waivers/read-waivers";

export interface ReportParts {
  readonly rules: readonly ConfiguredRule[];
  readonly collected: Collected;
  readonly waivers: ReadWaivers;
  readonly terms: WaiverTerms & Pick<AuditReport["terms"], "failOnIndeterminate">;
  readonly pack: AuditReport["pack"];
  readonly profiles: readonly string[];
  readonly inputs: readonly ReportedInput[];
}

/** The report of what was collected: waivers applied, everything in its order, nothing from a clock. */
export function buildReport(parts: ReportParts): AuditReport {
  const { rules, collected, waivers, terms, pack, profiles, inputs } = parts;
  const { findings: judged, problems } = applyWaivers(collected.findings, waivers, rules, terms);
  const findings = [...judged].sort(
    (a, b) => compareText(a.rule, b.rule) || compareText(a.resource, b.resource),
  );
  const reported = rules.map(reportedRule).sort((a, b) => compareText(a.id, b.id));
  const { project, stack, mode } = collected;
  return {
    schemaVersion: SCHEMA_VERSION,
    asOf: terms.asOf,
    subject: { project, stack, mode },
    pack,
    profiles: [...profiles].sort(compareText),
    terms: { maxWaiverDays: terms.maxDays, failOnIndeterminate: terms.failOnIndeterminate },
    inputs: [...inputs].sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name)),
    rules: reported,
    resources: allResources(collected, findings),
    findings,
    frameworks: frameworkCoverage(reported, findings),
    summary: summaryOf(reported, findings),
    ...(problems.length > 0 && { waiverProblems: problems }),
  };
}

/** Every resource of the stack, and those that only a finding names. */
function allResources(collected: Collected, findings: readonly ReportedFinding[]): ReportedResource[] {
  const byUrn = new Map(collected.resources.map((resource) => [resource.urn, resource]));
  const stack = stackUrn(collected.project, collected.stack);
  for (const urn of [stack, ...findings.map(({ resource }) => resource)]) {
    if (byUrn.has(urn)) continue;
    const { type, name } = parseUrn(urn);
    byUrn.set(urn, { urn, type, name });
  }
  return [...byUrn.values()].sort((a, b) => compareText(a.urn, b.urn));
}

function summaryOf(
  rules: readonly ReportedRule[],
  findings: readonly ReportedFinding[],
): AuditReport["summary"] {
  const mandatory = new Set(rules.filter(isMandatory).map(({ id }) => id));
  const counts: Record<FindingState, number> = {
    pass: 0,
    fail: 0,
    "not-applicable": 0,
    indeterminate: 0,
    waived: 0,
  };
  let [mandatoryFailures, mandatoryIndeterminate, mandatoryUnjudged] = [0, 0, 0];
  for (const finding of findings) {
    counts[finding.state]++;
    if (!mandatory.has(finding.rule)) continue;
    if (finding.state === "fail") mandatoryFailures++;
    if (finding.state === "indeterminate") mandatoryIndeterminate++;
    if (isUnjudged(finding)) mandatoryUnjudged++;
  }
  return { ...counts, mandatoryFailures, mandatoryIndeterminate, mandatoryUnjudged };
}
