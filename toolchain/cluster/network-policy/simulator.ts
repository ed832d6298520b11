import { contains, parseCidr } from "./addresses";
import {
  portsOf,
  type NetworkPolicy,
  type Pod,
  type PolicyPeer,
  type PolicyPort,
  type PolicyState,
  type Protocol,
} from "./objects";
import { appliesTo, namespaceLabels, namespaceOf, selects } from "./selectors";

/** A pod as `namespace/name`, or an address outside the cluster. */
export type FlowEnd = string | { readonly ip: string };

export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** Port that the destination listens on: a Service's target port, not the Service's own. */
  readonly port: number;
  /** @default TCP */
  readonly protocol?: Protocol;
}

/** One side of a flow, resolved: `pod` is undefined for an address that is not a pod's. */
interface Side {
  readonly pod?: Pod;
  readonly ip?: string;
}

/**
 * Whether the NetworkPolicies let a new connection through: the specification written down once more, independent of
 * the kernel rules, so that one can be tested against the other. Works on plain manifests; a pod without an address
 * matches no `ipBlock`. Traffic from the node itself is always allowed and not asked for here.
 *
 * @throws Error if an end names a pod that is not in the state
 */
export function flowAllowed(state: PolicyState, flow: Flow): boolean {
  const from = resolve(state, flow.from);
  const to = resolve(state, flow.to);
  if (from.pod !== undefined && from.pod === to.pod) {
    return true;
  }
  return permits(state, "Egress", from, to, to, flow) && permits(state, "Ingress", to, from, to, flow);
}

function resolve(state: PolicyState, end: FlowEnd): Side {
  if (typeof end !== "string") {
    return { ip: end.ip };
  }
  const pod = state.pods.find((each) => `${namespaceOf(each)}/${each.metadata?.name}` === end);
  if (pod === undefined) {
    throw new Error(`No pod "${end}" in the state; name it as namespace/name.`);
  }
  return { pod, ip: pod.status?.podIP ?? pod.status?.podIPs?.[0]?.ip };
}

function permits(
  state: PolicyState,
  direction: "Ingress" | "Egress",
  own: Side,
  peer: Side,
  destination: Side,
  flow: Flow,
): boolean {
  const { pod } = own;
  if (pod === undefined || pod.spec?.hostNetwork === true) {
    return true;
  }
  const isolating = state.policies.filter(
    (policy) =>
      appliesTo(policy, direction) &&
      namespaceOf(policy) === namespaceOf(pod) &&
      selects(policy.spec?.podSelector ?? {}, pod.metadata?.labels ?? {}),
  );
  return (
    isolating.length === 0 ||
    isolating.some((policy) =>
      rulesOf(policy, direction).some(
        ({ peers, ports }) =>
          (peers.length === 0 || peers.some((each) => matchesPeer(state, policy, each, peer))) &&
          (ports.length === 0 || ports.some((each) => matchesPort(each, destination, flow))),
      ),
    )
  );
}

function rulesOf(policy: NetworkPolicy, direction: "Ingress" | "Egress") {
  return direction === "Ingress"
    ? (policy.spec?.ingress ?? []).map((rule) => ({ peers: rule.from ?? [], ports: rule.ports ?? [] }))
    : (policy.spec?.egress ?? []).map((rule) => ({ peers: rule.to ?? [], ports: rule.ports ?? [] }));
}

function matchesPeer(
  state: PolicyState,
  policy: NetworkPolicy,
  peer: PolicyPeer,
  { pod, ip }: Side,
): boolean {
  if (peer.ipBlock !== undefined) {
    return ip !== undefined && inBlock(peer.ipBlock, ip);
  }
  if (pod === undefined || pod.spec?.hostNetwork === true) {
    return false;
  }
  if (peer.namespaceSelector === undefined) {
    return (
      peer.podSelector !== undefined &&
      namespaceOf(pod) === namespaceOf(policy) &&
      selects(peer.podSelector, pod.metadata?.labels ?? {})
    );
  }
  const labels = namespaceLabels(state.namespaces).get(namespaceOf(pod)) ?? {};
  return (
    selects(peer.namespaceSelector, labels) && selects(peer.podSelector ?? {}, pod.metadata?.labels ?? {})
  );
}

function inBlock({ cidr, except = [] }: NonNullable<PolicyPeer["ipBlock"]>, ip: string): boolean {
  const address = parseCidr(ip);
  const within = (text: string) => {
    const range = parseCidr(text);
    return address !== undefined && range !== undefined && contains(range, address);
  };
  return within(cidr) && !except.some(within);
}

function matchesPort(wanted: PolicyPort, destination: Side, flow: Flow): boolean {
  const { port } = wanted;
  if ((wanted.protocol ?? "TCP") !== (flow.protocol ?? "TCP")) {
    return false;
  }
  if (port === undefined) {
    return true;
  }
  if (typeof port === "number") {
    return flow.port >= port && flow.port <= (wanted.endPort ?? port);
  }
  const named = destination.pod === undefined ? [] : portsOf(destination.pod);
  return named.some(
    (each) =>
      each.name === port &&
      (each.protocol ?? "TCP") === (flow.protocol ?? "TCP") &&
      each.containerPort === flow.port,
  );
}
