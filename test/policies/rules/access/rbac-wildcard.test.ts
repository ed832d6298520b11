import { UNKNOWN } from "../../../../policies/testing";
import { rbacWildcard } from "../../../../policies/rules/access/rbac-wildcard";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(rbacWildcard, {
  good: {
    "named resources": set("role", "rules.0.resources", ["configmaps", "events"]),
  },
  bad: {
    verbs: set("role", "rules.0.verbs", ["*"]),
    resources: set("role", "rules.0.resources", ["*"]),
    groups: set("role", "rules.0.apiGroups", ["*"]),
  },
  partial: {
    "the second rule": set("role", "rules.1", { apiGroups: [""], resources: ["pods", "*"], verbs: ["get"] }),
  },
  notJudged: { text: set("role", "rules.0.verbs", "*") },
  unknown: { verbs: set("role", "rules.0.verbs", UNKNOWN) },
});
