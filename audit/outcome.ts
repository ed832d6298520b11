import type { AuditReport } from "./report";

/**
 * How an audit ends. `failed` makes it exit with 2; `open`: nothing mandatory fails, and of some of it that is not known.
 */
export type Outcome = "failed" | "open" | "passed";

export function outcomeOf({
  summary,
  terms,
  waiverProblems = [],
}: Pick<AuditReport, "summary" | "terms" | "waiverProblems">): Outcome {
  const { mandatoryFailures, mandatoryIndeterminate, mandatoryUnjudged } = summary;
  if (mandatoryFailures > 0 || waiverProblems.length > 0 || mandatoryUnjudged > 0) return "failed";
  if (mandatoryIndeterminate === 0) return "passed";
  return terms.failOnIndeterminate ? "failed" : "open";
}
