import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws";
import { ConfigError } from "./config-error";
import { local } from "./local";
import { onprem } from "./onprem";
import { configReader, type ConfigReader } from "./settings";

/** The profiles by name; a stack's name chooses one. */
export const PROFILES: Readonly<Record<string, (config: ConfigReader) => Record<string, unknown>>> = {
  aws,
  local,
  onprem,
};

/**
 * Declares a profile.
 * @returns the stack's outputs.
 * @throws RunError whose message is for the user: an unknown profile or a wrong configuration is no defect of the program.
 */
export function runProfile(profile: string): Record<string, unknown> {
  const declare = Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : undefined;
  try {
    if (!declare) {
      const names = Object.keys(PROFILES).join(", ");
      throw new ConfigError(`Unknown profile "${profile}": the stack's name must be one of ${names}.`);
    }
    return declare(configReader(profile));
  } catch (error) {
    if (error instanceof ConfigError || pulumi.InputPropertiesError.isInstance(error)) {
      throw new pulumi.RunError((error as Error).message);
    }
    throw error;
  }
}
