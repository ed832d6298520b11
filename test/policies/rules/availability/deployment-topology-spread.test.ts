import { UNKNOWN } from "../../../../policies/testing";
import { deploymentTopologySpread } from "../../../../policies/rules/availability/deployment-topology-spread";
import { describeRule } from "../../support/describe-rule";
import { pod, remove, set } from "../../support/edits";

const spread = pod("topologySpreadConstraints");
const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "text" } } };

describeRule(deploymentTopologySpread, {
  good: {
    "by anti-affinity": [
      remove("deployment", spread),
      set("deployment", pod("affinity.podAntiAffinity"), {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
      }),
    ],
  },
  bad: { none: remove("deployment", spread) },
  partial: { "an empty list": set("deployment", spread, []) },
  wrongType: { text: set("deployment", spread, "hostname") },
  unknown: { constraints: set("deployment", spread, UNKNOWN) },
});
