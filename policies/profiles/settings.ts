import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PolicyPackConfig } from "@pulumi/policy";
import type { Rule } from "../model/rule";
import { DEFAULT_PROFILE, type Profile, PROFILES } from "./profiles";
import { isRecord } from "../model/field";
import { checkRuleSettings, show } from "./rule-settings";
import { SettingsError } from "./settings-error";

/** Names the profiles of a run, over what the file says. */
export const PROFILE_VARIABLE = "SLIPWAY_POLICY_PROFILE";
/** Names the file with the settings. A pack sees of the engine's command line and of the stack's configuration nothing. */
export const FILE_VARIABLE = "SLIPWAY_POLICY_SETTINGS";

/** What the pack was told. */
export interface PackSettings {
  readonly profiles: readonly Profile[];
  /** Enforcement and parameters by rule, over what the profiles say. */
  readonly rules: PolicyPackConfig;
}

const KEYS = ["profile", "rules"];

/** The file's settings with the name it has in messages; none where the environment names no file. */
function readFile(env: NodeJS.ProcessEnv): {
  readonly file: string;
  readonly given: Record<string, unknown>;
} {
  const file = env[FILE_VARIABLE] ?? "";
  if (file === "") return { file, given: {} };
  // The engine starts a pack in the pack's own folder; the shell still says where the command was given.
  const path = resolve(env["PWD"] ?? "", file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new SettingsError(
      `\`${FILE_VARIABLE}\` (${file}) must be a file that can be read: there is none at ${path}.`,
    );
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`${file} must be JSON: ${(error as Error).message}.`);
  }
  if (!isRecord(given))
    throw new SettingsError(`${file} (${show(given)}) must be an object with ${KEYS.join(" and ")}.`);
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) {
      throw new SettingsError(
        `${file}: \`${key}\` is no setting of the pack: there are ${KEYS.join(" and ")}.`,
      );
    }
  }
  return { file, given };
}

function profilesNamed(place: string, given: unknown): Profile[] {
  const names = (Array.isArray(given) ? given.map(show) : show(given).split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = PROFILES.map(({ name }) => name).join(", ");
  if (names.length === 0) throw new SettingsError(`${place} must name a profile: ${known}.`);
  return names.map((name) => {
    const found = PROFILES.find((profile) => profile.name === name);
    if (!found) throw new SettingsError(`${place} (${name}) is no profile of the pack: there are ${known}.`);
    return found;
  });
}

/**
 * Reads the pack's settings from the environment that it is started in.
 * @throws SettingsError
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  rules: readonly Rule[],
  canRemediate: (id: string) => boolean,
): PackSettings {
  const { file, given } = readFile(env);
  const variable = env[PROFILE_VARIABLE] ?? "";
  return {
    profiles:
      variable === ""
        ? profilesNamed(`${file}: \`profile\``, given["profile"] ?? DEFAULT_PROFILE)
        : profilesNamed(`\`${PROFILE_VARIABLE}\``, variable),
    rules:
      given["rules"] === undefined ? {} : checkRuleSettings(`${file}: `, given["rules"], rules, canRemediate),
  };
}
