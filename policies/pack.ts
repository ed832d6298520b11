import { catalog } from "./catalog";
import { toPolicy } from "./crossguard/policy";
import { servePack } from "./crossguard/serve";
import { bindProfiles } from "./profiles/profiles";
import { type PackSettings, readSettings } from "./profiles/settings";
import { SettingsError } from "./profiles/settings-error";
import { remediations } from "./remediation";

/** The engine shows what a pack says before it ends; a stack trace would bury the sentence. */
function settingsOrEnd(): PackSettings {
  try {
    const rules = catalog.map(({ rule }) => rule);
    return readSettings(process.env, rules, (id) => remediations.has(id));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`slipway policies: ${error.message}`);
    process.exit(1);
  }
}

const settings = settingsOrEnd();

/**
 * Starts the policy server of this process. Which rules it has and how they are enforced follows from the settings; the
 * engine's own `--policy-pack-config` goes over them: see docs/reference/policies.md.
 */
servePack(
  "slipway",
  {
    displayName: "Slipway",
    description: "Rules for a Slipway serving stack and for what teams deploy beside it.",
    enforcementLevel: "advisory",
    policies: bindProfiles(catalog, settings.profiles).map(({ rule, enforcement }) =>
      toPolicy(rule, enforcement),
    ),
  },
  settings.rules,
);
