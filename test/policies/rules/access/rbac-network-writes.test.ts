import { rbacNetworkWrites } from "../../../../policies/rules/access/rbac-network-writes";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (resources: unknown, verbs: unknown, apiGroup = "") =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "team" },
    rules: [{ apiGroups: [apiGroup], resources, verbs }],
  });

describeRule(rbacNetworkWrites, {
  good: { "read only": role(["services", "endpoints"], ["get", "watch"]) },
  bad: {
    services: role(["services"], ["create"]),
    policies: role(["networkpolicies"], ["delete"], "networking.k8s.io"),
  },
  partial: { "one of two": role(["events", "ingresses"], ["get", "patch"]) },
  notJudged: { "resources are a text": role("services", ["create"]) },
  unknown: { resources: role(UNKNOWN, ["create"]) },
});
