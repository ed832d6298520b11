import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";

/** A rule about each listener of a Gateway by itself. `check` gives the problem, or undefined where there is none. */
export function listenerRule(
  wording: Omit<RuleMetadata, "types">,
  check: (listener: Field) => string | undefined,
): ResourceRule {
  return {
    ...wording,
    types: ["kubernetes:gateway.networking.k8s.io/*:Gateway"],
    scope: "resource",
    check(subject, verdict) {
      for (const listener of subject.fields.get("spec", "listeners").items()) {
        verdict.judge(subject, () => {
          const problem = check(listener);
          if (problem === undefined) return;
          verdict.fail(subject, `${problem} in listener \`${listener.get("name").show()}\`.`);
        });
      }
    },
  };
}
