import { buildReport } from "../../../audit/build-report";
import type { Collected } from "../../../audit/collect/collected";
import { collectState } from "../../../audit/collect/collect-state";
import type { AuditReport } from "../../../audit/report";
import type { ConfiguredRule } from "../../../audit/rules";
import { readWaivers } from "../../../audit/waivers/read-waivers";
import { AROUND, exported, RULES } from "./rules";

export const PACK = { name: "slipway", version: "1.2.3", sha256: "0".repeat(64) } as const;

export const TERMS = { asOf: "2026-11-21", maxDays: 180, failOnIndeterminate: false } as const;

/** As a version before this one wrote it: what is told of it since is not there. */
export function asBefore(report: AuditReport): string {
  // What is undefined is not written.
  const since = { profiles: undefined, terms: undefined };
  const summary = { ...report.summary, mandatoryIndeterminate: undefined, mandatoryUnjudged: undefined };
  const rules = report.rules.map((rule) => ({ ...rule, parameters: undefined }));
  return JSON.stringify({ ...report, ...since, schemaVersion: "1.0", summary, rules });
}

/** The report of a state of these resources. */
export function reportOf(
  resources: readonly object[],
  { rules = RULES, waivers = "waivers: []" }: { rules?: readonly ConfiguredRule[]; waivers?: string } = {},
): AuditReport {
  return reportOfCollected(collectState(exported(...resources), rules, AROUND), rules, waivers);
}

/** The report of what was collected by these rules. */
export function reportOfCollected(
  collected: Collected,
  rules: readonly ConfiguredRule[] = RULES,
  waivers = "waivers: []",
): AuditReport {
  return buildReport({
    rules,
    collected,
    waivers: readWaivers(waivers),
    terms: TERMS,
    pack: PACK,
    profiles: ["baseline"],
    inputs: [
      { kind: "waivers", name: "waivers.yaml", sha256: "1".repeat(64) },
      { kind: "state", name: "state.json", sha256: "2".repeat(64) },
    ],
  });
}
