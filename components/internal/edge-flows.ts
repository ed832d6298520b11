import type * as k8s from "@pulumi/kubernetes/types/input";
import { GRPC_PORT, HTTP_PORT, METRICS_PORT } from "../../runtime/contract";
import { ANY_ADDRESS, type RegistryAddress } from "../model/repository-models";
import { PART_OF, selectorLabels } from "./labels";
import { serverPolicy, type Peer } from "./network-policy";

type Policy = k8s.networking.v1.NetworkPolicySpec;

/** Labels of the pod that sends metrics. */
export function agentLabels(site: string): Record<string, string> {
  return { "app.kubernetes.io/name": "slipway-agent", "app.kubernetes.io/instance": site, ...PART_OF };
}

/** Exactly the flows of a site's server: as of any service, and requests from the site's own network. */
export function serverFlows(flows: {
  service: string;
  clients: readonly Peer[];
  clientCidrs: readonly string[];
  scrapers: readonly Peer[];
  registries: readonly RegistryAddress[];
}): Policy {
  const policy = serverPolicy({ ...flows, gateways: flows.clients });
  if (flows.clientCidrs.length === 0) return policy;
  const fromNetwork = {
    from: flows.clientCidrs.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [HTTP_PORT, GRPC_PORT].map((port) => ({ protocol: "TCP", port })),
  };
  return {
    ...policy,
    ingress: [...(policy.ingress as k8s.networking.v1.NetworkPolicyIngressRule[]), fromNetwork],
  };
}

/** Of the pod that fetches: to registries and DNS, as a server's own, and nobody to it. */
export function fetchFlows(
  labels: Readonly<Record<string, string>>,
  registries: readonly RegistryAddress[],
): Policy {
  const policy = serverPolicy({ service: "", gateways: [], scrapers: [], registries });
  return { ...policy, podSelector: { matchLabels: { ...labels } } };
}

/** Of the pod that sends metrics: to the site's server, the receiver and DNS, and nobody to it. */
export function agentFlows(
  site: string,
  receiverCidrs: readonly string[] | undefined,
  receiverPort: number,
): Policy {
  const ranges = receiverCidrs?.map((cidr) => ({ cidr, except: [] })) ?? [ANY_ADDRESS];
  const registries = ranges.map((range) => ({ ...range, port: receiverPort }));
  const policy = serverPolicy({ service: "", gateways: [], scrapers: [], registries });
  const toServer = {
    to: [{ podSelector: { matchLabels: selectorLabels(site) } }],
    ports: [{ protocol: "TCP", port: METRICS_PORT }],
  };
  return {
    ...policy,
    podSelector: { matchLabels: agentLabels(site) },
    egress: [...(policy.egress as k8s.networking.v1.NetworkPolicyEgressRule[]), toServer],
  };
}
