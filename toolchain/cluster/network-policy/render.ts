import { contains, formatCidr, halves, parseCidr, type Cidr } from "./addresses";
import { endpointsOf, type Endpoint } from "./endpoints";
import { protocols, type NetworkPolicy, type PolicyPeer, type PolicyPort, type PolicyState } from "./objects";
import { chains, ipSet, type IpSet, type Match, type Rule, type Ruleset } from "./ruleset";
import { appliesTo, namespaceOf, selects } from "./selectors";

type Direction = "Ingress" | "Egress";

/** Which end of a packet is the policy's own pod, which its peer, and where the rules go. */
const ends = {
  Ingress: { own: "dst", peer: "src", chain: chains.ingress },
  Egress: { own: "src", peer: "dst", chain: chains.egress },
} as const;

/**
 * The kernel rules that enforce NetworkPolicies (networking.k8s.io/v1) on new connections, a pure function.
 *
 * A packet of a known connection passes. A new one passes the egress chain if its source is isolated for egress, then
 * the ingress chain if its destination is isolated for ingress; each has one rule per thing that some policy allows and
 * drops the rest. Rules match the real backend of a Service, as its address is already translated by then. IPv6 is not
 * covered: the pod network is IPv4.
 *
 * @param podCidr range that pod addresses come from; pods with another address are ignored
 */
export function render(state: PolicyState, podCidr: Cidr): Ruleset {
  const ruleset = new RulesetBuilder(endpointsOf(state, podCidr));
  const policies = [...state.policies].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const egress = ruleset.isolate(policies, "Egress");
  const ingress = ruleset.isolate(policies, "Ingress");
  return ruleset.finish(egress, ingress);
}

class RulesetBuilder {
  private readonly sets = new Map<string, IpSet>();
  private readonly allowances: Rule[] = [];

  constructor(private readonly endpoints: readonly Endpoint[]) {}

  /** Adds what the policies allow in one direction and returns the addresses that they isolate. */
  isolate(policies: readonly NetworkPolicy[], direction: Direction): string[] {
    const isolated: string[] = [];
    for (const policy of policies.filter((each) => appliesTo(each, direction))) {
      const own = this.endpoints
        .filter((endpoint) => endpoint.namespace === namespaceOf(policy))
        .filter((endpoint) => selects(policy.spec?.podSelector ?? {}, endpoint.labels))
        .map((endpoint) => endpoint.address);
      if (own.length === 0) {
        continue;
      }
      isolated.push(...own);
      for (const { peers, ports } of allowedBy(policy, direction)) {
        this.allow(policy, direction, own, this.peerSets(policy, peers), this.portMatches(ports));
      }
    }
    return isolated;
  }

  private allow(
    policy: NetworkPolicy,
    direction: Direction,
    own: readonly string[],
    peers: readonly (IpSet | "anyone")[],
    ports: readonly Match[][],
  ): void {
    const { own: ownEnd, peer: peerEnd, chain } = ends[direction];
    for (const peer of peers) {
      for (const port of ports) {
        this.allowances.push({
          chain,
          matches: [
            this.inSet(ipSet("hash:ip", own), ownEnd),
            ...(peer === "anyone" ? [] : [this.inSet(peer, peerEnd)]),
            ...port,
          ],
          target: "RETURN",
          comment: nameOf(policy),
        });
      }
    }
  }

  /** One set for all the pods of a rule, one for each address block; none where the peers match nothing today. */
  private peerSets(policy: NetworkPolicy, peers: readonly PolicyPeer[]): (IpSet | "anyone")[] {
    if (peers.length === 0) {
      return ["anyone"];
    }
    const pods = this.endpoints
      .filter((endpoint) => peers.some((peer) => isPeer(endpoint, peer, namespaceOf(policy))))
      .map((endpoint) => endpoint.address);
    const blocks = peers.flatMap((peer) => blockSet(peer) ?? []);
    return pods.length === 0 ? blocks : [ipSet("hash:ip", pods), ...blocks];
  }

  /** One list of matches for each port; a single empty one where every port is allowed. */
  private portMatches(ports: readonly PolicyPort[]): Match[][] {
    return ports.length === 0 ? [[]] : ports.flatMap((port) => this.portMatch(port));
  }

  private portMatch({ protocol = "TCP", port, endPort }: PolicyPort): Match[][] {
    const known = protocols.find((each) => each === protocol);
    if (known === undefined) {
      return [];
    }
    if (typeof port !== "string") {
      return [[{ kind: "port", protocol: known, port, endPort }]];
    }
    // A name stands for another number on each pod, so the pair of destination address and port is what has to match.
    const pairs = this.endpoints.flatMap((endpoint) =>
      endpoint.ports
        .filter((each) => each.name === port && (each.protocol ?? "TCP") === known)
        .map((each) => `${endpoint.address},${known.toLowerCase()}:${each.containerPort}`),
    );
    return pairs.length === 0 ? [] : [[this.inSet(ipSet("hash:ip,port", pairs), "dst,dst")]];
  }

  private inSet(set: IpSet, fields: "src" | "dst" | "dst,dst"): Match {
    this.sets.set(set.name, set);
    return { kind: "set", set: set.name, fields };
  }

  finish(egress: readonly string[], ingress: readonly string[]): Ruleset {
    const rules: Rule[] = [];
    const enter = (matches: Match[], target: string) => rules.push({ chain: chains.entry, matches, target });
    if (egress.length + ingress.length > 0) {
      enter([{ kind: "established" }], "RETURN");
      // A pod may always reach itself, also through a Service that sends the connection back.
      for (const address of [...new Set([...egress, ...ingress])].sort()) {
        enter([{ kind: "loop", address }], "RETURN");
      }
    }
    if (egress.length > 0) {
      enter([this.inSet(ipSet("hash:ip", egress), "src")], chains.egress);
    }
    if (ingress.length > 0) {
      enter([this.inSet(ipSet("hash:ip", ingress), "dst")], chains.ingress);
    }
    rules.push(...this.allowances);
    rules.push({ chain: chains.egress, matches: [], target: "DROP" });
    rules.push({ chain: chains.ingress, matches: [], target: "DROP" });
    return { ipsets: [...this.sets.values()], rules };
  }
}

function nameOf(policy: NetworkPolicy): string {
  return `${namespaceOf(policy)}/${policy.metadata?.name ?? ""}`;
}

function allowedBy(
  policy: NetworkPolicy,
  direction: Direction,
): { peers: readonly PolicyPeer[]; ports: readonly PolicyPort[] }[] {
  const rules =
    direction === "Ingress"
      ? (policy.spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (policy.spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return rules.map(({ peers = [], ports = [] }) => ({ peers, ports }));
}

function isPeer(endpoint: Endpoint, peer: PolicyPeer, policyNamespace: string): boolean {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock !== undefined || (podSelector === undefined && namespaceSelector === undefined)) {
    return false;
  }
  const namespaceFits =
    namespaceSelector === undefined
      ? endpoint.namespace === policyNamespace
      : selects(namespaceSelector, endpoint.namespaceLabels);
  return namespaceFits && selects(podSelector ?? {}, endpoint.labels);
}

function blockSet({ ipBlock }: PolicyPeer): IpSet | undefined {
  const block = ipBlock === undefined ? undefined : parseCidr(ipBlock.cidr);
  if (ipBlock === undefined || block === undefined) {
    return undefined;
  }
  const except = (ipBlock.except ?? []).flatMap((text) => parseCidr(text) ?? []);
  const allowed = (block.prefix === 0 ? halves(block) : [block]).filter(
    (part) => !except.some((exception) => contains(exception, part)),
  );
  return ipSet("hash:net", [
    ...allowed.map(formatCidr),
    ...except
      .filter((each) => !allowed.some((part) => contains(each, part)))
      .map((each) => `${formatCidr(each)} nomatch`),
  ]);
}
