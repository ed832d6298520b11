import { describeChanges, nameOf, type Outcome } from "../engine/events";
import { capacityOf } from "./capacity";
import { driftsOf } from "./drift";
import { withoutGeneratedNames } from "./generated-names";
import { compareText } from "./paths";
import { propertyDeltas, publicChange } from "./property-diff";
import { judge } from "./risk";
import { RISK_LEVELS, severity, worst } from "./risk-level";
import { PLAN_VERSION, type Finding, type Plan, type PlannedChange } from "./schema";
import { changesOf, type ResourceChange } from "./steps";

export { renderJson } from "./render-json";
export { renderMarkdown } from "./render-markdown";
export { renderText } from "./render-text";
export type { Finding, Plan, PlannedChange } from "./schema";

const byFinding = (a: Finding, b: Finding) =>
  Number(b.mandatory) - Number(a.mandatory) ||
  compareText(a.policy, b.policy) ||
  compareText(a.urn, b.urn) ||
  compareText(a.message, b.message);

function plannedChange(change: ResourceChange, findings: readonly Finding[]): PlannedChange {
  const deltas = propertyDeltas(change);
  const { risk, reason, propertyRisks } = judge(change, deltas);
  return {
    op: change.op,
    type: change.type,
    name: nameOf(change.urn),
    urn: change.urn,
    risk,
    reason,
    properties: deltas.map((delta, at) => ({ ...publicChange(delta), risk: propertyRisks[at]! })),
    findings: findings.filter(({ urn }) => urn === change.urn),
  };
}

/**
 * What a preview says, for people and for machines. The order in which the engine worked leaves no trace in it.
 * @param error why the preview did not come to its end
 */
export function planOf(profile: string, outcome: Outcome, error?: string): Plan {
  const settle = withoutGeneratedNames(outcome.steps);
  const violations = outcome.violations
    .map((violation) => ({ ...violation, message: settle(violation.message) }))
    .sort(byFinding);
  const changes = changesOf(outcome.steps)
    .map((change) => plannedChange({ ...change, after: settle(change.after) }, violations))
    .sort(
      (a, b) =>
        severity(a.risk) - severity(b.risk) || compareText(a.type, b.type) || compareText(a.urn, b.urn),
    );
  const counts = Object.fromEntries(
    RISK_LEVELS.map((level) => [level, changes.filter(({ risk }) => risk === level).length]),
  ) as Plan["counts"];
  return {
    version: PLAN_VERSION,
    profile,
    summary: describeChanges(outcome.changes),
    error: error === undefined ? null : settle(error),
    risk: changes.length > 0 ? worst(changes.map(({ risk }) => risk)) : null,
    counts,
    changes,
    drift: driftsOf(outcome.drift ?? []),
    capacity: capacityOf(outcome.steps),
    violations,
  };
}
