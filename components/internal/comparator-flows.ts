import type * as k8s from "@pulumi/kubernetes/types/input";
import { HTTP_PORT, METRICS_PORT } from "../../runtime/contract";
import { comparatorSelector } from "./comparator";
import { namespaceSelector } from "./labels";
import type { Peer } from "./network-policy";
import { rolloutLabels } from "./slot-labels";

/** Exactly the flows of a comparator: answers of both slots, scrapes from Prometheus. It asks nobody, not even for names. */
export function comparatorPolicy(
  rollout: string,
  scrapers: readonly Peer[],
): k8s.networking.v1.NetworkPolicySpec {
  const slots = { "app.kubernetes.io/name": "slipway-server", ...rolloutLabels(rollout) };
  const scraping = scrapers.map(({ namespace, podLabels }) => ({
    namespaceSelector: namespaceSelector(namespace),
    podSelector: { matchLabels: podLabels },
  }));
  return {
    podSelector: { matchLabels: comparatorSelector(rollout) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ podSelector: { matchLabels: slots } }], ports: [{ protocol: "TCP", port: HTTP_PORT }] },
      // A rule with an empty `from` would allow everyone: no peer, no rule.
      ...(scraping.length === 0
        ? []
        : [{ from: scraping, ports: [{ protocol: "TCP", port: METRICS_PORT }] }]),
    ],
    egress: [],
  };
}
