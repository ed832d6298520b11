import type * as k8s from "@pulumi/kubernetes/types/input";
import type { RegistryAddress } from "../model/model-repository";
import { namespaceSelector } from "./labels";
import { serverPolicy, type Peer } from "./network-policy";

/** Exactly the flows of a worker: scrapes inwards; DNS, the model registry and the brokers outwards. */
export function workerPolicy(flows: {
  readonly worker: string;
  readonly scrapers: readonly Peer[];
  readonly registries: readonly RegistryAddress[];
  readonly brokers: readonly string[];
  readonly brokerPods: readonly Peer[];
  readonly brokerCidrs: readonly string[];
  /** What else it may reach. @default nothing */
  readonly egress?: readonly k8s.networking.v1.NetworkPolicyEgressRule[];
}): k8s.networking.v1.NetworkPolicySpec {
  const base = serverPolicy({
    service: flows.worker,
    gateways: [],
    scrapers: flows.scrapers,
    registries: flows.registries,
    egress: flows.egress,
  });
  // Kafka's brokers name each other by the addresses of this list's listener: the same ports.
  const numbers = new Set(flows.brokers.map((broker) => Number(broker.split(":")[1])));
  const ports = [...numbers].map((port) => ({ protocol: "TCP", port }));
  const to: k8s.networking.v1.NetworkPolicyPeer[] = [
    ...flows.brokerPods.map(({ namespace, podLabels }) => ({
      namespaceSelector: namespaceSelector(namespace),
      podSelector: { matchLabels: podLabels },
    })),
    ...flows.brokerCidrs.map((cidr) => ({ ipBlock: { cidr } })),
  ];
  const egress = base.egress as k8s.networking.v1.NetworkPolicyEgressRule[];
  return { ...base, egress: [...egress, { to, ports }] };
}
