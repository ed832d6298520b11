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
/** Names the file with the settings: a pack sees nothing of the engine's command line. */
export const FILE_VARIABLE = "SLIPWAY_POLICY_SETTINGS";
/** The pack's own namespace in a stack's configuration, so that a program that checks its own keys need not know it. */
export const CONFIG_NAMESPACE = "slipway-policies";

/** A stack's configuration by `namespace:key`. */
export type StackConfig = Readonly<Record<string, unknown>>;

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
  readonly given: unknown;
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
  return { file, given };
}

/**
 * Checks settings as the file has them.
 * @param place what they are called in messages: the file's name
 * @throws SettingsError
 */
export function checkSettings(
  place: string,
  given: unknown,
  rules: readonly Rule[],
  canRemediate: (id: string) => boolean,
): PackSettings {
  if (!isRecord(given))
    throw new SettingsError(`${place} (${show(given)}) must be an object with ${KEYS.join(" and ")}.`);
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) {
      throw new SettingsError(
        `${place}: \`${key}\` is no setting of the pack: there are ${KEYS.join(" and ")}.`,
      );
    }
  }
  return {
    profiles: profilesNamed(`${place}: \`profile\``, given["profile"] ?? DEFAULT_PROFILE),
    rules:
      given["rules"] === undefined
        ? {}
        : checkRuleSettings(`${place}: `, given["rules"], rules, canRemediate),
  };
}

/** What the stack's configuration says of the profile, if anything. */
function stackProfile(config: StackConfig): { readonly key: string; readonly given: unknown } | undefined {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${CONFIG_NAMESPACE}:`));
  const key = `${CONFIG_NAMESPACE}:profile`;
  for (const [name] of own)
    if (name !== key)
      throw new SettingsError(
        `\`${name}\` is no key of the stack's configuration that the pack reads: there is ${key}.`,
      );
  const given = own[0]?.[1];
  return given === undefined ? undefined : { key, given: listOf(given) };
}

/** The engine gives a list as JSON text. */
function listOf(given: unknown): unknown {
  if (typeof given !== "string" || !given.startsWith("[")) return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
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
 * Reads the pack's settings from the environment that it is started in. Which profiles hold is said by the first of: the
 * variable, which is for one run; the stack's configuration; the file.
 * @throws SettingsError
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  rules: readonly Rule[],
  canRemediate: (id: string) => boolean,
  stackConfig: StackConfig = {},
): PackSettings {
  const { file, given } = readFile(env);
  const ofFile = checkSettings(file, given, rules, canRemediate);
  const variable = env[PROFILE_VARIABLE] ?? "";
  const ofStack = stackProfile(stackConfig);
  const atStack = ofStack && profilesNamed(`\`${ofStack.key}\``, ofStack.given);
  return {
    profiles:
      variable === "" ? (atStack ?? ofFile.profiles) : profilesNamed(`\`${PROFILE_VARIABLE}\``, variable),
    rules: ofFile.rules,
  };
}
