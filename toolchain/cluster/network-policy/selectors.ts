import {
  defaultNamespace,
  type LabelSelector,
  type Namespace,
  type NetworkPolicy,
  type Pod,
} from "./objects";

type Labels = Readonly<Record<string, string>>;

/** The label that the API server puts on every namespace; a manifest does not carry it yet. */
const namespaceNameLabel = "kubernetes.io/metadata.name";

/** Whether a label selector selects these labels; an empty selector selects everything. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((expression) => holds(expression, labels));
}

function holds(
  { key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number],
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      // A missing label is not in any list: this is what the API's selector does.
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // An operator of a later API version: matching nothing keeps a policy from allowing more than it says.
      return false;
  }
}

/** Labels of a namespace, by its name, as selectors see them. */
export function namespaceLabels(namespaces: readonly Namespace[]): Map<string, Labels> {
  return new Map(
    namespaces.map((namespace) => {
      const name = namespace.metadata?.name ?? "";
      return [name, { ...namespace.metadata?.labels, [namespaceNameLabel]: name }];
    }),
  );
}

export function namespaceOf(object: Pod | NetworkPolicy): string {
  return object.metadata?.namespace ?? defaultNamespace;
}

/** Whether a policy isolates the pods that it selects in this direction. */
export function appliesTo(policy: NetworkPolicy, direction: "Ingress" | "Egress"): boolean {
  const types = policy.spec?.policyTypes ?? [];
  if (types.length > 0) {
    return types.includes(direction);
  }
  // The API's default: every policy is about ingress, and about egress too where it has egress rules.
  return direction === "Ingress" || (policy.spec?.egress ?? []).length > 0;
}
