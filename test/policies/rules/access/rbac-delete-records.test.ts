import { rbacDeleteRecords } from "../../../../policies/rules/access/rbac-delete-records";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (resources: unknown, verbs: unknown, apiGroup = "") =>
  put("extra", "kubernetes:rbac.authorization.k8s.io/v1:Role", {
    metadata: { name: "extra", namespace: "team" },
    rules: [{ apiGroups: [apiGroup], resources, verbs }],
  });

describeRule(rbacDeleteRecords, {
  good: { "read only": role(["events", "pods/log"], ["get", "list"]) },
  bad: { events: role(["events"], ["delete"]), logs: role(["pods/log"], ["deletecollection"]) },
  partial: { "one of two": role(["resourcequotas", "events"], ["get", "delete"]) },
  notJudged: { "resources are a text": role("events", ["delete"]) },
  unknown: { verbs: role(["events"], UNKNOWN) },
});
