import { contains, parseCidr, type Cidr } from "./addresses";
import { portsOf, type ContainerPort, type PolicyState } from "./objects";
import { namespaceLabels, namespaceOf } from "./selectors";

/** A pod that has an address of its own, with what selectors ask for. */
export interface Endpoint {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly ports: readonly ContainerPort[];
}

/**
 * The pods that rules can speak of. Left out: pods on the node's own network (a policy cannot tell them from the node),
 * finished ones (their address may already be another pod's), ones without an IPv4 address yet, and addresses outside
 * the pod network (simulated nodes give their pods made-up ones).
 */
export function endpointsOf({ pods, namespaces }: PolicyState, podCidr: Cidr): Endpoint[] {
  const labels = namespaceLabels(namespaces);
  return pods.flatMap((pod) => {
    const phase = pod.status?.phase;
    if (pod.spec?.hostNetwork === true || phase === "Succeeded" || phase === "Failed") {
      return [];
    }
    const namespace = namespaceOf(pod);
    return [...new Set([pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)])]
      .filter((address) => address !== undefined)
      .filter((address) => isWithin(podCidr, address))
      .map((address) => ({
        namespace,
        labels: pod.metadata?.labels ?? {},
        namespaceLabels: labels.get(namespace) ?? {},
        address,
        ports: portsOf(pod),
      }));
  });
}

function isWithin(cidr: Cidr, address: string): boolean {
  const parsed = parseCidr(address);
  return parsed !== undefined && contains(cidr, parsed);
}
