import { rbacAggregateToView } from "../../../../policies/rules/access/rbac-aggregate-to-view";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const VIEW = "rbac.authorization.k8s.io/aggregate-to-view";
const EDIT = "rbac.authorization.k8s.io/aggregate-to-edit";

const role = (labels: unknown, ...verbs: unknown[]) =>
  put("models", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", {
    metadata: { name: "models", labels },
    rules: verbs.map((list) => ({ apiGroups: ["models.example"], resources: ["models"], verbs: list })),
  });
const read = ["get", "list", "watch"];

describeRule(rbacAggregateToView, {
  good: {
    "reads for viewers": role({ [VIEW]: "true" }, read),
    "writes for editors": role({ [EDIT]: "true" }, [...read, "update"]),
    "writes for nobody else": role({ [VIEW]: "false" }, ["update"]),
  },
  bad: { "writes for viewers": role({ [VIEW]: "true" }, [...read, "update"]) },
  partial: { "one rule of two": role({ [VIEW]: "true" }, read, ["create"]) },
  notJudged: { "a text": role({ [VIEW]: "true" }, "update"), "a switch": role({ [VIEW]: true }, ["update"]) },
  unknown: {
    verbs: role({ [VIEW]: "true" }, UNKNOWN),
    labels: role(UNKNOWN, ["update"]),
  },
});
