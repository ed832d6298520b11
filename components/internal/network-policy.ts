import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { GRPC_PORT, HTTP_PORT, METRICS_PORT } from "../../runtime/contract";
import type { RegistryAddress } from "../model/model-repository";
import { namespaceSelector, selectorLabels } from "./labels";

/** Pods that may open a connection, by namespace and labels. */
export interface Peer {
  readonly namespace: pulumi.Input<string>;
  readonly podLabels: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

type Ports = k8s.networking.v1.NetworkPolicyPort[];

const tcp = (...ports: number[]): Ports => ports.map((port) => ({ protocol: "TCP", port }));

/** CoreDNS carries this label wherever it serves `kube-dns`. */
export const DNS_EGRESS: k8s.networking.v1.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: namespaceSelector("kube-system"),
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** Nothing in, nothing out, for every pod of the namespace that no other policy names. */
export const DENY_ALL: k8s.networking.v1.NetworkPolicySpec = {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
};

/** Exactly the flows of a server: requests from gateways, scrapes from Prometheus, DNS, the model registry and what `egress` says outwards. */
export function serverPolicy(flows: {
  service: string;
  gateways: readonly Peer[];
  scrapers: readonly Peer[];
  registries: readonly RegistryAddress[];
  /** What else it may reach. @default nothing */
  egress?: readonly k8s.networking.v1.NetworkPolicyEgressRule[];
}): k8s.networking.v1.NetworkPolicySpec {
  const ingress: k8s.networking.v1.NetworkPolicyIngressRule[] = [];
  // A rule with an empty `from` would allow everyone: no peer, no rule.
  if (flows.gateways.length > 0)
    ingress.push({ from: flows.gateways.map(peer), ports: tcp(HTTP_PORT, GRPC_PORT) });
  if (flows.scrapers.length > 0) ingress.push({ from: flows.scrapers.map(peer), ports: tcp(METRICS_PORT) });
  return {
    podSelector: { matchLabels: selectorLabels(flows.service) },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress: [
      DNS_EGRESS,
      ...flows.registries.map(({ cidr, except, port }) => ({
        to: [{ ipBlock: { cidr, ...(except.length === 0 ? {} : { except: [...except] }) } }],
        ports: tcp(port),
      })),
      ...(flows.egress ?? []),
    ],
  };
}

/** The pods, as a policy names them. */
export function peer(from: Peer): k8s.networking.v1.NetworkPolicyPeer {
  return {
    namespaceSelector: namespaceSelector(from.namespace),
    podSelector: { matchLabels: from.podLabels },
  };
}
