import { inputRule } from "./input-rule";
import type { ResourceRule, RuleMetadata } from "./rule";

/** A rule about `publiclyAccessible`, which several services have and which is off unless it is given. */
export function publicSwitchRule(metadata: RuleMetadata): ResourceRule {
  return inputRule(metadata, (fields) =>
    fields.get("publiclyAccessible").isOff()
      ? undefined
      : "must not be publicly accessible: set `publiclyAccessible: false`.",
  );
}
