import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnforcementLevel } from "@pulumi/policy";
import { locateResources } from "../../audit/collect/collect-log";
import { type EngineLog, EngineLogReader } from "../../audit/collect/engine-log";
import type { ConfiguredRule } from "../../audit/rules";
import { remediations } from "../../policies/remediation";
import type { Progress } from "../../toolchain/progress";
import { PolicyViolated } from "../engine/operations";
import { previewProfile } from "../preview";

/** What an offline preview of a profile says about the rules, whatever fails. */
export async function previewLog(
  profile: string,
  rules: readonly ConfiguredRule[],
  backend: string | undefined,
  progress: Progress,
): Promise<EngineLog> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-audit-"));
  try {
    const policyConfig = join(folder, "policies.json");
    writeFileSync(policyConfig, engineConfig(rules));
    const reader = new EngineLogReader();
    let printed = "";
    const watch = {
      policyConfig,
      onEvent: (event: unknown) => reader.add(event),
      onPrinted: (json: string) => void (printed = json),
    };
    const shared = backend === undefined ? {} : { backend };
    await previewProfile({ profile, offline: true, watch, ...shared }, progress).catch((error: unknown) => {
      // What a remediation could not mend stops the engine all the same; the log says where.
      if (!(error instanceof PolicyViolated)) throw error;
    });
    if (printed.trim() !== "") locateResources(reader, printed);
    return reader.end();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The engine does not come to the rules over the whole stack once a mandatory rule has failed. For a report that is whole
 * nothing may stop it; what is mandatory is the report's to say.
 */
function engineConfig(rules: readonly ConfiguredRule[]): string {
  const entries = rules.map(({ rule, enforcement, config }) => [
    rule.id,
    { ...config, enforcementLevel: reportingOnly(rule.id, enforcement) },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

function reportingOnly(id: string, level: EnforcementLevel): EnforcementLevel {
  if (level === "disabled") return level;
  return level === "remediate" && remediations.has(id) ? level : "advisory";
}
