import { catalog } from "./catalog";
import { toPolicy } from "./crossguard/policy";
import { servePack } from "./crossguard/serve";
import { isAbout } from "./model/judge";
import { asOf, today } from "./profiles/as-of";
import { bindProfiles } from "./profiles/profiles";
import { type PackSettings, readSettings, type StackConfig } from "./profiles/settings";
import { SettingsError } from "./profiles/settings-error";
import { remediations } from "./remediation";

const rules = catalog.map(({ rule }) => rule);
const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));

const read = (stackConfig?: StackConfig): PackSettings =>
  readSettings(process.env, rules, (id) => remediations.has(id), stackConfig);

const said = (error: SettingsError): string => `slipway policies: ${error.message}`;

/** The engine shows what a pack says before it ends; a stack trace would bury the sentence. */
function settingsOrEnd(): PackSettings {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(said(error));
    process.exit(1);
  }
}

const settings = settingsOrEnd();
const policies = bindProfiles(catalog, settings.profiles).map(({ rule, enforcement }) =>
  toPolicy(rule, enforcement),
);

/** Binds the profiles that the stack's configuration names: the engine asks for the levels only after it has told it. */
function bindStack(config: StackConfig): void {
  try {
    const bound = bindProfiles(catalog, read(config).profiles);
    policies.forEach((policy, i) => (policy.enforcementLevel = bound[i]!.enforcement));
  } catch (error) {
    throw error instanceof SettingsError ? new Error(said(error)) : error;
  }
}

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
    policies,
  },
  asOf(settings.rules, rules, today()),
  (policy, type) => isAbout(ruleOf.get(policy)!, type),
  bindStack,
);
