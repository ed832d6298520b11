import { isInternet } from "./cidr";
import type { Field } from "./field";
import { selectsAll } from "./labels";
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

/** Whether an ingress rule lets everyone in on some port: it names nobody, the whole internet, or every pod of every namespace. */
export function allowsAnyone(ingress: Field): boolean {
  const from = ingress.get("from").items();
  return from.length === 0 || from.some(isAnyone);
}

function isAnyone(peer: Field): boolean {
  if (isInternet(peer.get("ipBlock", "cidr").string() ?? "")) return true;
  const namespaces = peer.get("namespaceSelector");
  return namespaces.exists() && selectsAll(namespaces) && selectsAll(peer.get("podSelector"));
}
