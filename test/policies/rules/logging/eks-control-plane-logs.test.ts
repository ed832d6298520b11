import { UNKNOWN } from "../../../../policies/testing";
import { eksControlPlaneLogs } from "../../../../policies/rules/logging/eks-control-plane-logs";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksControlPlaneLogs, {
  good: {
    "the three that tell who": set("cluster", "enabledClusterLogTypes", ["api", "audit", "authenticator"]),
  },
  bad: {
    none: remove("cluster", "enabledClusterLogTypes"),
    empty: set("cluster", "enabledClusterLogTypes", []),
  },
  partial: { "no audit": set("cluster", "enabledClusterLogTypes", ["api", "authenticator", "scheduler"]) },
  wrongType: { text: set("cluster", "enabledClusterLogTypes", "audit") },
  unknown: { types: set("cluster", "enabledClusterLogTypes", UNKNOWN) },
});
