import type * as k8s from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import { ANY_ADDRESS } from "../model/repository-models";
import { DNS_EGRESS, peer, type Peer } from "./network-policy";

/** Ports of the API server, which target discovery asks, and of what is reached over HTTPS. */
const ALWAYS_OPEN = [443, 6443];

/** Where EKS gives a pod its credentials, on the node itself. */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };

const tcp = (port: pulumi.Input<number>) => ({ protocol: "TCP", port });

/** Exactly the flows of Prometheus: queries from `readers`, scrapes of `targets`, samples, alerts, DNS and the API server outwards. */
export function prometheusPolicy(flows: {
  readonly podLabels: Readonly<Record<string, string>>;
  readonly port: number;
  /** IPv4 ranges outside the cluster that may query. */
  readonly readerCidrs: readonly string[];
  /** Pods that may query. */
  readonly readers: readonly Peer[];
  /** Pods that are scraped, told of alerts, or sent samples. */
  readonly targets: readonly (Peer & { readonly port: number })[];
  /** Ports of receivers of samples outside the cluster. */
  readonly receiverPorts: readonly pulumi.Input<number>[];
  readonly podIdentity: boolean;
  /** Proxies of the gateway, and the port on which they are asked for TLS. */
  readonly proxies: { readonly peers: readonly Peer[]; readonly port: number };
}): k8s.networking.v1.NetworkPolicySpec {
  const { podLabels, port, readerCidrs, readers, targets, receiverPorts, podIdentity, proxies } = flows;
  const from = [...readerCidrs.map((cidr) => ({ ipBlock: { cidr } })), ...readers.map(peer)];
  const anywhere = [{ ipBlock: { cidr: ANY_ADDRESS.cidr, except: [...ANY_ADDRESS.except] } }];
  const ports =
    receiverPorts.length === 0
      ? ALWAYS_OPEN.map(tcp)
      : pulumi.all([...receiverPorts]).apply((all) => [...new Set([...ALWAYS_OPEN, ...all])].map(tcp));
  return {
    podSelector: { matchLabels: { ...podLabels } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      // A rule with an empty `from` would allow everyone: no peer, no rule.
      ...(from.length === 0 ? [] : [{ from, ports: [tcp(port)] }]),
      ...(proxies.peers.length === 0 ? [] : [{ from: proxies.peers.map(peer), ports: [tcp(proxies.port)] }]),
    ],
    egress: [
      DNS_EGRESS,
      ...targets.map((target) => ({ to: [peer(target)], ports: [tcp(target.port)] })),
      // Target discovery asks the API server, whose address a policy cannot name portably.
      { to: anywhere, ports },
      ...(podIdentity
        ? [{ to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT.cidr } }], ports: [tcp(POD_IDENTITY_AGENT.port)] }]
        : []),
    ],
  };
}
