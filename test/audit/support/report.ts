import { buildReport } from "../../../audit/build-report";
import { collectState } from "../../../audit/collect/collect-state";
import type { AuditReport } from "../../../audit/report";
import type { ConfiguredRule } from "../../../audit/rules";
import { readWaivers } from "../../../audit/waivers/read-waivers";
import { AROUND, exported, RULES } from "./rules";

export const PACK = { name: "slipway", version: "1.2.3", sha256: "0".repeat(64) } as const;

/** The report of a state of these resources. */
export function reportOf(
  resources: readonly object[],
  { rules = RULES, waivers = "waivers: []" }: { rules?: readonly ConfiguredRule[]; waivers?: string } = {},
): AuditReport {
  return buildReport({
    rules,
    collected: collectState(exported(...resources), rules, AROUND),
    waivers: readWaivers(waivers),
    terms: { asOf: "2026-11-21", maxDays: 180 },
    pack: PACK,
    inputs: [
      { kind: "waivers", name: "waivers.yaml", sha256: "1".repeat(64) },
      { kind: "state", name: "state.json", sha256: "2".repeat(64) },
    ],
  });
}
