import { rbacAggregation } from "../../../../policies/rules/access/rbac-aggregation";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const role = (clusterRoleSelectors: unknown, name: unknown = "viewer") =>
  put("viewer", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", {
    metadata: { name },
    aggregationRule: { clusterRoleSelectors },
    rules: [],
  });
const label = (key: string, value: unknown = "true") => ({ matchLabels: { [key]: value } });
const own = label("rbac.example.com/aggregate-to-viewer");
const toAdmin = label("rbac.authorization.k8s.io/aggregate-to-admin");

describeRule(rbacAggregation, {
  good: {
    "a label of its own": role([own]),
    "what viewers may": role([label("rbac.authorization.k8s.io/aggregate-to-view")]),
    "the cluster's own role": role([toAdmin], "admin"),
    "no selector": role([]),
  },
  bad: {
    "an empty selector": role([{}]),
    "empty labels": role([{ matchLabels: {} }]),
    "every role but some": role([
      { matchExpressions: [{ key: "team", operator: "NotIn", values: ["other"] }] },
    ]),
    "every role of the cluster itself": role([label("kubernetes.io/bootstrapping", "rbac-defaults")]),
    "what administrators may": role([toAdmin]),
  },
  partial: { "one selector of two": role([own, {}]) },
  notJudged: { "a text": role("everything"), "a number as a label": role([label("team", 7)]) },
  unknown: {
    selectors: role(UNKNOWN),
    label: role([label("kubernetes.io/bootstrapping", UNKNOWN)]),
    "whether it is the cluster's own": role([toAdmin], UNKNOWN),
  },
});
