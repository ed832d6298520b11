import { groupBy } from "./group-by";
import type { StackView } from "./stack-view";
import { kubernetesKind, nameOf, namespaceOf, type Subject } from "./subject";

/** Whether a stack has an object; "nobody knows" where it declares none of the kind in the namespace, as others may. */
export type Presence = "there" | "missing" | "unknown" | "elsewhere";

const hasKnownName = ({ fields }: Subject): boolean =>
  !fields.get("metadata", "name").isUnknown && !fields.get("metadata", "namespace").isUnknown;

/** Answers whether objects of a kind are declared, by namespace and name. */
export class Declared {
  private readonly byNamespace: Map<string, Subject[]>;
  private readonly hasUnknown: boolean;

  constructor(stack: StackView, group: string, ...kinds: readonly string[]) {
    const all = stack.ofKind(group, ...kinds);
    const known = all.filter(hasKnownName);
    this.byNamespace = groupBy(known, namespaceOf);
    this.hasUnknown = known.length < all.length;
  }

  has(namespace: string, name: string): Presence {
    if (this.named(namespace, name).length > 0) return "there";
    if (this.hasUnknown) return "unknown";
    return this.byNamespace.has(namespace) ? "missing" : "elsewhere";
  }

  /** Those of the name: a list can hold several, and so can the versions of a kind. */
  named(namespace: string, name: string): readonly Subject[] {
    return (this.byNamespace.get(namespace) ?? []).filter((one) => nameOf(one) === name);
  }
}

/** Kinds whose controllers make pods, Services and accounts that are no resources of the stack. */
const OPERATED: readonly (readonly [group: string, ...kinds: string[]])[] = [
  ["helm.sh", "Release"],
  ["monitoring.coreos.com", "Prometheus", "Alertmanager"],
  ["gateway.networking.k8s.io", "Gateway"],
  ["gateway.envoyproxy.io", "EnvoyProxy"],
  ["argoproj.io", "Rollout", "Workflow", "CronWorkflow"],
  ["flagger.app", "Canary"],
  ["serving.knative.dev", "Service", "Configuration"],
  ["serving.kserve.io", "InferenceService"],
  ["keda.sh", "ScaledJob"],
  ["ray.io", "RayCluster", "RayService", "RayJob"],
];

/** Those that make routes besides. A Gateway makes none: they are what attaches to it. */
const MAKES_ROUTES: typeof OPERATED = [
  ["helm.sh", "Release"],
  ["flagger.app", "Canary"],
  ["serving.knative.dev", "Service", "Configuration"],
  ["serving.kserve.io", "InferenceService"],
  ["aigateway.envoyproxy.io", "AIGatewayRoute", "MCPRoute"],
];

/** Namespaces in which something makes objects that the stack does not declare. */
export function operatedNamespaces(stack: StackView): Set<string> {
  return namespacesOf(stack, OPERATED);
}

/** Namespaces in which something makes routes or gateways that the stack does not declare. */
export function namespacesOfMadeRoutes(stack: StackView): Set<string> {
  return namespacesOf(stack, MAKES_ROUTES);
}

function namespacesOf(stack: StackView, makers: typeof OPERATED): Set<string> {
  return new Set(
    makers
      .flatMap(([group, ...kinds]) => stack.ofKind(group, ...kinds))
      .filter(({ type, fields }) => kubernetesKind(type) && !fields.get("metadata", "namespace").isUnknown)
      .map(namespaceOf),
  );
}
