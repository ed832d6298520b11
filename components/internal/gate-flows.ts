import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { GRPC_PORT, HTTP_PORT } from "../../runtime/contract";
import { DNS_EGRESS, type Peer } from "./network-policy";
import { rolloutLabels } from "./slot-labels";

/** What the pods of a rollout's gates are selected by. */
export function gatePodLabels(rollout: string): Record<string, string> {
  return { "app.kubernetes.io/name": "slipway-gate", "app.kubernetes.io/instance": rollout };
}

/** The pods of gates, for both slots to admit on ports 8000 and 8001. */
export function gatePeer(rollout: string, namespace: pulumi.Input<string>): Peer {
  return { namespace, podLabels: gatePodLabels(rollout) };
}

/** Exactly the flows of gates: names, and requests to either slot. Nothing comes in. */
export function gatePolicy(rollout: string): k8s.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: gatePodLabels(rollout) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [],
    egress: [
      DNS_EGRESS,
      {
        to: [
          {
            podSelector: {
              matchLabels: { "app.kubernetes.io/name": "slipway-server", ...rolloutLabels(rollout) },
            },
          },
        ],
        ports: [HTTP_PORT, GRPC_PORT].map((port) => ({ protocol: "TCP", port })),
      },
    ],
  };
}
