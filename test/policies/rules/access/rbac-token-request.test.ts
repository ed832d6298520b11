import { UNKNOWN } from "../../../../policies/testing";
import { rbacTokenRequest } from "../../../../policies/rules/access/rbac-token-request";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown = ["create"]) =>
  set("role", "rules", [{ apiGroups: [""], resources, verbs }]);

describeRule(rbacTokenRequest, {
  good: { "the account alone": rule(["serviceaccounts"]) },
  bad: { token: rule(["serviceaccounts/token"]) },
  partial: { "among others": rule(["configmaps", "serviceaccounts/token"], ["get", "create"]) },
  notJudged: { "verbs are a text": rule(["serviceaccounts/token"], "create") },
  unknown: { verb: rule(["serviceaccounts/token"], [UNKNOWN]) },
});
