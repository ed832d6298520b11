import { UNKNOWN } from "../../../../policies/testing";
import { rbacPodCreation } from "../../../../policies/rules/access/rbac-pod-creation";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown = ["create"]) =>
  set("role", "rules", [{ apiGroups: ["", "apps", "batch"], resources, verbs }]);

describeRule(rbacPodCreation, {
  good: { reading: rule(["pods"], ["get", "list", "watch"]) },
  bad: { pods: rule(["pods"]), "by a controller": rule(["cronjobs"]) },
  partial: { "among others": rule(["configmaps", "deployments"], ["get", "create"]) },
  notJudged: { text: rule("pods") },
  unknown: { verbs: rule(["pods"], UNKNOWN) },
});
