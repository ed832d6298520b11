import type { Field } from "./field";
import { namespaceOf, type Subject } from "./subject";

export const ROUTE_TYPES = [
  "kubernetes:gateway.networking.k8s.io/*:HTTPRoute",
  "kubernetes:gateway.networking.k8s.io/*:GRPCRoute",
];

/** Where a backendRef leads: kind, namespace and name in one. @throws UnknownRead */
export function backendKey(route: Subject, ref: Field): string {
  const kind = ref.get("kind").string() ?? "Service";
  return `${kind}/${ref.get("namespace").string() ?? namespaceOf(route)}/${ref.get("name").string() ?? ""}`;
}

/** A backendRef's share; 1 where it states none. @throws UnknownRead */
export function weightOf(ref: Field): number {
  return ref.get("weight").number() ?? 1;
}
