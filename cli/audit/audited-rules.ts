import { configure } from "../../audit/policy-config";
import type { ReportedInput } from "../../audit/report";
import { type ConfiguredRule, unconfigured, withSettings } from "../../audit/rules";
import { catalog } from "../../policies/catalog";
import { bindProfiles } from "../../policies/profiles/profiles";
import { FILE_VARIABLE, type PackSettings, readSettings } from "../../policies/profiles/settings";
import { SettingsError } from "../../policies/profiles/settings-error";
import { remediations } from "../../policies/remediation";
import { SlipwayError } from "../../toolchain/errors";
import { EX_DATAERR, reading } from "./exit-status";
import { type InputFile, readInputFile } from "./input-file";

export interface AuditedRules {
  readonly rules: readonly ConfiguredRule[];
  /** Files that they were configured with. */
  readonly inputs: readonly ReportedInput[];
}

/** The pack's rules as an update would have them: by the pack's own settings, then by a configuration file over them. */
export function auditedRules(policyConfig: InputFile | undefined): AuditedRules {
  const { profiles, rules: settings } = packSettings();
  const file = process.env[FILE_VARIABLE];
  const settingsFile = file ? [readInputFile(FILE_VARIABLE, file, "policy settings").input] : [];
  const rules = withSettings(unconfigured(bindProfiles(catalog, profiles)), settings);
  if (!policyConfig) return { rules, inputs: settingsFile };
  return {
    rules: reading(policyConfig.path, () => configure(rules, policyConfig.text)),
    inputs: [...settingsFile, policyConfig.input],
  };
}

function packSettings(): PackSettings {
  try {
    return readSettings(
      process.env,
      catalog.map(({ rule }) => rule),
      (id) => remediations.has(id),
    );
  } catch (error) {
    if (error instanceof SettingsError) throw new SlipwayError(error.message, EX_DATAERR);
    throw error;
  }
}
