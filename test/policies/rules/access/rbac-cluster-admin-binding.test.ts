import { UNKNOWN } from "../../../../policies/testing";
import { rbacClusterAdminBinding } from "../../../../policies/rules/access/rbac-cluster-admin-binding";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(rbacClusterAdminBinding, {
  good: { "a Role of that name": set("binding", "roleRef.name", "cluster-admin") },
  bad: {
    "in a namespace": set("binding", "roleRef", {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "cluster-admin",
    }),
    "in the cluster": put("wide", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [],
    }),
  },
  partial: { "without a group": set("binding", "roleRef", { kind: "ClusterRole", name: "cluster-admin" }) },
  notJudged: { text: set("binding", "roleRef", "cluster-admin") },
  unknown: { name: set("binding", "roleRef", { kind: "ClusterRole", name: UNKNOWN }) },
});
