import { rbacRoleWrites } from "../../../../policies/rules/access/rbac-role-writes";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (resources: unknown, verbs: unknown, apiGroup = "") =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "team" },
    rules: [{ apiGroups: [apiGroup], resources, verbs }],
  });

const RBAC = "rbac.authorization.k8s.io";

describeRule(rbacRoleWrites, {
  good: { "read only": role(["roles", "rolebindings"], ["get", "list"], RBAC) },
  bad: { roles: role(["roles"], ["patch"], RBAC) },
  partial: { "one of two": role(["nodes", "clusterroles"], ["update"], RBAC) },
  notJudged: { "verbs are a text": role(["roles"], "patch", RBAC) },
  unknown: { verbs: role(["roles"], UNKNOWN, RBAC) },
});
