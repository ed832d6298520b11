import { rbacConfigMapWrites } from "../../../../policies/rules/access/rbac-config-map-writes";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (resources: unknown, verbs: unknown, apiGroup = "") =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "team" },
    rules: [{ apiGroups: [apiGroup], resources, verbs }],
  });

const named = (resourceNames: unknown, verbs: unknown) =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "kube-system" },
    rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames, verbs }],
  });

describeRule(rbacConfigMapWrites, {
  good: { "one of its own": named(["text"], ["get", "update"]), "read only": named(["aws-auth"], ["get"]) },
  bad: {
    "every one": role(["configmaps"], ["update"]),
    "who may enter the cluster": named(["aws-auth"], ["get", "patch"]),
    "the cluster's names": named(["coredns"], ["update"]),
  },
  partial: { "one name of two": named(["text", "aws-auth"], ["delete"]) },
  wrongType: { "names are a text": named("text", ["update"]) },
  notJudged: { "verbs are a text": role(["configmaps"], "update") },
  unknown: { names: named(UNKNOWN, ["update"]), verbs: role(["configmaps"], UNKNOWN) },
});
