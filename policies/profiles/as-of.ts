import type { PolicyPackConfig } from "@pulumi/policy";
import type { Rule } from "../model/rule";

/** Today, in UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/**
 * Settings in which every rule that judges as of a day knows which: rules ask no clock themselves, so that an audit can be
 * made again for its day.
 * @param day YYYY-MM-DD; what the settings themselves say of a rule's day goes over it
 */
export function asOf(settings: PolicyPackConfig, rules: readonly Rule[], day: string): PolicyPackConfig {
  const dated = rules.filter(({ configSchema }) => configSchema?.properties?.["asOf"]);
  return {
    ...settings,
    ...Object.fromEntries(
      dated.map(({ id }) => {
        const own = settings[id];
        return [id, { asOf: day, ...(typeof own === "string" ? { enforcementLevel: own } : own) }];
      }),
    ),
  };
}
