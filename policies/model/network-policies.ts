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
  return (
    ingress.exists() &&
    ingress.get("from").items().length === 0 &&
    allowsEveryPort(ingress.get("ports").items())
  );
}

/** Whether an ingress rule lets everyone in on some port: it names nobody, the whole internet, or every pod of every namespace. */
export function allowsAnyone(ingress: Field): boolean {
  const from = ingress.get("from").items();
  return from.length === 0 || from.some(isAnyone);
}

/** The label that the API server gives every namespace. */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/**
 * Whether a selector of namespaces picks every one: it has no condition, or merely asks for the label that all have.
 * An absent one picks none.
 * @throws UnknownRead
 */
function selectsEveryNamespace(selector: Field): boolean {
  if (!selector.exists() || selector.get("matchLabels").entries().length > 0) return false;
  return selector
    .get("matchExpressions")
    .items()
    .every((one) => one.get("key").string() === NAMESPACE_NAME && one.get("operator").string() === "Exists");
}

/** From the first port to the last is all but every port. */
const ALL_PORTS = 60_000;

/** Whether a rule's ports leave out nothing, or hardly anything. @throws UnknownRead */
export function allowsEveryPort(ports: readonly Field[]): boolean {
  return (
    ports.length === 0 ||
    ports.some((one) => {
      const [first, last] = [one.get("port"), one.get("endPort")].map((port) => port.number()) as [
        number?,
        number?,
      ];
      // Neither named: every port of a protocol.
      if (first === undefined && !one.get("port").exists())
        return (one.get("protocol").string() ?? "TCP") === "TCP";
      return first !== undefined && last !== undefined && last - first >= ALL_PORTS;
    })
  );
}

/** Whether a peer is every pod of every namespace. @throws UnknownRead */
export function isEveryPod(peer: Field): boolean {
  return selectsEveryNamespace(peer.get("namespaceSelector")) && selectsAll(peer.get("podSelector"));
}

function isAnyone(peer: Field): boolean {
  return isInternet(peer.get("ipBlock", "cidr").string() ?? "") || isEveryPod(peer);
}
