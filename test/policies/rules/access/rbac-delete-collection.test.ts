import { rbacDeleteCollection } from "../../../../policies/rules/access/rbac-delete-collection";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (resources: unknown, verbs: unknown, apiGroup = "") =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "team" },
    rules: [{ apiGroups: [apiGroup], resources, verbs }],
  });

describeRule(rbacDeleteCollection, {
  good: { "one by one": role(["resourcequotas"], ["delete"]) },
  bad: { all: role(["persistentvolumeclaims"], ["deletecollection"]) },
  partial: { "one verb of two": role(["resourcequotas"], ["get", "deletecollection"]) },
  notJudged: { "verbs are a text": role(["persistentvolumeclaims"], "deletecollection") },
  unknown: { verbs: role(["resourcequotas"], UNKNOWN) },
});
