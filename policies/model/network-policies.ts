import type { Field } from "./field";
import type { Subject } from "./subject";

/**
 * Whether a NetworkPolicy isolates the pods it selects in a direction. Kubernetes' own default: ingress always,
 * egress where there is an `egress` list.
 * @throws UnknownRead
 */
export function isolates(policy: Subject, direction: "Ingress" | "Egress"): boolean {
  const spec = policy.fields.get("spec");
  const types = spec.get("policyTypes").strings();
  if (types.length > 0) return types.includes(direction);
  return direction === "Ingress" || spec.get("egress").items().length > 0;
}

/** Whether an ingress rule lets everyone in on every port. @throws UnknownRead */
export function allowsEveryone(ingress: Field): boolean {
  return ingress.exists() && ["from", "ports"].every((part) => ingress.get(part).items().length === 0);
}
