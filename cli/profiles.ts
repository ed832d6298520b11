import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidArgumentError } from "commander";
import { parse } from "yaml";
import { messageOf, SlipwayError } from "../toolchain/errors";
import { projectRoot } from "../toolchain/paths";

export { LOCAL_PROFILE } from "./local-profile";

/** Every profile that this checkout has: one `Pulumi.<profile>.yaml` each. */
export function profiles(): string[] {
  return readdirSync(projectRoot)
    .map((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1])
    .filter((name): name is string => name !== undefined)
    .sort();
}

/** What `Pulumi.<stack>.yaml` holds. */
export interface StackConfigFile {
  encryptionsalt?: string;
  secretsprovider?: string;
  encryptedkey?: string;
  config?: Record<string, unknown>;
}

/** Reads a stack's settings; throws one sentence where the file is not what the engine would take. */
export function readStackConfig(file: string): StackConfigFile {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    const what = messageOf(error).split("\n")[0]!.replace(/:$/, "");
    throw new SlipwayError(`${basename(file)} is not valid YAML (${what}); mend that line of ${file}`);
  }
  if (content !== null && typeof content === "object" && !Array.isArray(content)) return content;
  throw new SlipwayError(`${basename(file)} must hold a map with the key \`config\``);
}

/** The committed configuration of a profile. */
export function readProfileConfig(profile: string): StackConfigFile {
  return readStackConfig(profileConfigFile(profile));
}

function profileConfigFile(profile: string): string {
  return join(projectRoot, `Pulumi.${profile}.yaml`);
}

/** For commander: refuses a profile that does not exist, naming those that do. */
export function parseProfile(value: string): string {
  if (/^[a-z0-9-]+$/.test(value) && existsSync(profileConfigFile(value))) return value;
  throw new InvalidArgumentError(`It must be one of: ${profiles().join(", ")}.`);
}
