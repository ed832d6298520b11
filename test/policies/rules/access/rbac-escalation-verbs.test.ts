import { UNKNOWN } from "../../../../policies/testing";
import { rbacEscalationVerbs } from "../../../../policies/rules/access/rbac-escalation-verbs";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(rbacEscalationVerbs, {
  good: { "harmless ones": set("role", "rules.0.verbs", ["get", "list", "watch"]) },
  bad: { impersonate: set("role", "rules.0.verbs", ["impersonate"]) },
  partial: { "beside a harmless one": set("role", "rules.0.verbs", ["get", "bind"]) },
  notJudged: { "rules are an object": set("role", "rules", { verbs: ["bind"] }) },
  unknown: { rules: set("role", "rules", UNKNOWN) },
});
