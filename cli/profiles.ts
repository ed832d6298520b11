import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { projectRoot } from "../toolchain/paths";

/** The profile that runs on the embedded cluster. */
export const LOCAL_PROFILE = "local";

/** Every profile that this checkout has: one `Pulumi.<profile>.yaml` each. */
export function profiles(): string[] {
  return readdirSync(projectRoot)
    .map((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1])
    .filter((name): name is string => name !== undefined)
    .sort();
}

/** The committed configuration of a profile. */
export function profileConfigFile(profile: string): string {
  return join(projectRoot, `Pulumi.${profile}.yaml`);
}

/** For commander: refuses a profile that does not exist, naming those that do. */
export function parseProfile(value: string): string {
  if (/^[a-z0-9-]+$/.test(value) && existsSync(profileConfigFile(value))) return value;
  throw new InvalidArgumentError(`It must be one of: ${profiles().join(", ")}.`);
}
