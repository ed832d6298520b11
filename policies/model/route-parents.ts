import type { Field } from "./field";
import type { Attachment, SecurityPolicies } from "./security-policies";
import { namespaceOf, type Subject } from "./subject";

/** What routes attach to: gateways, and the sets of listeners that others add to them; both by `namespace/name`. */
export interface Parents {
  readonly gateways: ReadonlyMap<string, Subject>;
  readonly listenerSets: ReadonlyMap<string, Subject>;
}

export interface ResolvedParent {
  readonly kind: string;
  /** Undefined where another stack has it. */
  readonly parent: Subject | undefined;
  /** Policies on it or on a listener of it. */
  readonly attachments: readonly Attachment[];
}

/**
 * What a `parentRef` names, where the stack has it, and the policies on it.
 * @throws UnknownRead
 */
export function resolveParent(
  reference: Field,
  ownNamespace: string,
  policies: SecurityPolicies,
  parents: Parents,
): ResolvedParent {
  const namespace = reference.get("namespace").string() ?? ownNamespace;
  const name = reference.get("name").string() ?? "";
  const kind = reference.get("kind").string() ?? "Gateway";
  const known = kind === "Gateway" ? parents.gateways : parents.listenerSets;
  const parent = known.get(`${namespace}/${name}`);
  const labels = parent?.fields.get("metadata", "labels").stringMap() ?? new Map<string, string>();
  return { kind, parent, attachments: policies.on({ kind, namespace, name, labels }) };
}

/**
 * The policies on a parent as a whole. What is said of a gateway holds for the listeners that a set adds to it, unless the set
 * has something of its own: so does Envoy Gateway 1.9 with each of its policies.
 * @throws UnknownRead
 */
export function wholeOf(
  { kind, parent, attachments }: ResolvedParent,
  policies: SecurityPolicies,
  parents: Parents,
): readonly Attachment[] {
  const own = attachments.filter(({ section }) => section === undefined);
  if (own.length > 0 || kind === "Gateway" || !parent) return own;
  const gateway = resolveParent(
    parent.fields.get("spec", "parentRef"),
    namespaceOf(parent),
    policies,
    parents,
  );
  return gateway.attachments.filter(({ section }) => section === undefined);
}
