import { UNKNOWN } from "../../../../policies/testing";
import { rbacWebhookConfiguration } from "../../../../policies/rules/access/rbac-webhook-configuration";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown) =>
  set("role", "rules", [{ apiGroups: ["admissionregistration.k8s.io"], resources, verbs }]);

describeRule(rbacWebhookConfiguration, {
  good: { reading: rule(["validatingwebhookconfigurations"], ["get", "list", "watch"]) },
  bad: {
    "a validating one": rule(["validatingwebhookconfigurations"], ["delete"]),
    "a mutating one": rule(["mutatingwebhookconfigurations"], ["create"]),
    "a policy": rule(["validatingadmissionpolicies"], ["patch"]),
  },
  partial: { "one verb of three": rule(["mutatingwebhookconfigurations"], ["get", "list", "update"]) },
  notJudged: { "verbs are a text": rule(["mutatingwebhookconfigurations"], "update") },
  unknown: { verb: rule(["mutatingwebhookconfigurations"], [UNKNOWN]) },
});
