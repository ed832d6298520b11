import { configure } from "../../audit/policy-config";
import type { ReportedInput } from "../../audit/report";
import { type ConfiguredRule, unconfigured, withSettings } from "../../audit/rules";
import { catalog } from "../../policies/catalog";
import { bindProfiles } from "../../policies/profiles/profiles";
import { asOf } from "../../policies/profiles/as-of";
import {
  FILE_VARIABLE,
  type PackSettings,
  readSettings,
  type StackConfig,
} from "../../policies/profiles/settings";
import { SettingsError } from "../../policies/profiles/settings-error";
import { remediations } from "../../policies/remediation";
import { SlipwayError } from "../../toolchain/errors";
import { EX_DATAERR, reading } from "./exit-status";
import { type InputFile, readInputFile } from "./input-file";

const ALL = catalog.map(({ rule }) => rule);

export interface AuditedRules {
  readonly rules: readonly ConfiguredRule[];
  /** Names of the pack's profiles that they are bound by. */
  readonly profiles: readonly string[];
  /** Files that they were configured with. */
  readonly inputs: readonly ReportedInput[];
}

/**
 * The pack's rules as an update would have them: by the pack's own settings and the stack's configuration, then by a
 * configuration file over them.
 * @param day as of which to judge, YYYY-MM-DD
 * @param stackConfig the stack's configuration by `namespace:key`
 */
export function auditedRules(
  policyConfig: InputFile | undefined,
  day: string,
  stackConfig: StackConfig = {},
): AuditedRules {
  const { profiles, rules: given } = packSettings(stackConfig);
  const settings = asOf(given, ALL, day);
  const file = process.env[FILE_VARIABLE];
  const settingsFile = file ? [readInputFile(FILE_VARIABLE, file, "policy settings").input] : [];
  const rules = withSettings(unconfigured(bindProfiles(catalog, profiles)), settings);
  const names = [...new Set(profiles.map(({ name }) => name))];
  if (!policyConfig) return { rules, profiles: names, inputs: settingsFile };
  return {
    rules: reading(policyConfig.path, () => configure(rules, policyConfig.text)),
    profiles: names,
    inputs: [...settingsFile, policyConfig.input],
  };
}

function packSettings(stackConfig: StackConfig): PackSettings {
  try {
    return readSettings(process.env, ALL, (id) => remediations.has(id), stackConfig);
  } catch (error) {
    if (error instanceof SettingsError) throw new SlipwayError(error.message, EX_DATAERR);
    throw error;
  }
}
