import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import type { Subject } from "./subject";

export const ROLE_TYPES = [
  "kubernetes:rbac.authorization.k8s.io/*:Role",
  "kubernetes:rbac.authorization.k8s.io/*:ClusterRole",
];
export const BINDING_TYPES = [
  "kubernetes:rbac.authorization.k8s.io/*:RoleBinding",
  "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding",
];

export const WRITING = ["create", "update", "patch", "delete", "deletecollection"];

/** Whether an entry of a role allows one of the verbs on a resource, both by name. @throws UnknownRead */
export function grants(entry: Field, resource: string, verbs: readonly string[]): boolean {
  return (
    entry.get("resources").strings().includes(resource) &&
    entry
      .get("verbs")
      .strings()
      .some((verb) => verbs.includes(verb))
  );
}

type Wording = Omit<RuleMetadata, "types">;

/** A rule about each entry of a role's `rules`. */
export function roleRule(wording: Wording, check: (entry: Field) => string | undefined): ResourceRule {
  return {
    ...wording,
    types: ROLE_TYPES,
    scope: "resource",
    check(subject, verdict) {
      for (const entry of subject.fields.get("rules").items()) {
        verdict.judge(subject, () => {
          const problem = check(entry);
          if (problem !== undefined) verdict.fail(subject, problem);
        });
      }
    },
  };
}

/** A rule about a binding as a whole. */
export function bindingRule(wording: Wording, check: (binding: Subject) => string | undefined): ResourceRule {
  return {
    ...wording,
    types: BINDING_TYPES,
    scope: "resource",
    check(subject, verdict) {
      const problem = check(subject);
      if (problem !== undefined) verdict.fail(subject, problem);
    },
  };
}
