import type { Severity } from "@pulumi/policy";
import type { ReportingConfiguration, Result } from "sarif";
import type { FindingState, ReportedRule } from "../../report";
import { isMandatory } from "../order";

/** GitHub sorts alerts by this number: over 9.0 is critical, from 7.0 high, from 4.0 medium. */
export const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** What fails the audit is an error; what only advises is a warning, or a note where little is at stake. */
export function levelOf(rule: ReportedRule): NonNullable<ReportingConfiguration["level"]> {
  if (isMandatory(rule)) return "error";
  return rule.severity === "low" ? "note" : "warning";
}

/** SARIF's words: an "open" result is one for whose evaluation something was not known. A waived failure is one still. */
export const KINDS: Readonly<Record<FindingState, NonNullable<Result["kind"]>>> = {
  fail: "fail",
  waived: "fail",
  indeterminate: "open",
  pass: "pass",
  "not-applicable": "notApplicable",
};
