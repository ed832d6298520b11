import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import type { StackView } from "./stack-view";
import type { Subject } from "./subject";

/** Every kind that has listeners. A ListenerSet adds its own to a Gateway; experimental, it had another name and group. */
export const LISTENER_TYPES: readonly string[] = [
  "kubernetes:gateway.networking.k8s.io/*:Gateway",
  "kubernetes:gateway.networking.k8s.io/*:ListenerSet",
  "kubernetes:gateway.networking.x-k8s.io/*:XListenerSet",
];

/** The stack's sets of listeners. */
export function listenerSets(stack: StackView): readonly Subject[] {
  return [
    ...stack.ofKind("gateway.networking.k8s.io", "ListenerSet"),
    ...stack.ofKind("gateway.networking.x-k8s.io", "XListenerSet"),
  ];
}

/** A rule about each listener of a Gateway or a ListenerSet by itself. `check` gives the problem, or undefined where there is none. */
export function listenerRule(
  wording: Omit<RuleMetadata, "types">,
  check: (listener: Field) => string | undefined,
): ResourceRule {
  return {
    ...wording,
    types: LISTENER_TYPES,
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
