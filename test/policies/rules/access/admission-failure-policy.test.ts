import { UNKNOWN } from "../../../../policies/testing";
import { admissionFailurePolicy } from "../../../../policies/rules/access/admission-failure-policy";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const group = "kubernetes:admissionregistration.k8s.io/v1";
const webhooks = (kind: string, ...policies: unknown[]) =>
  put("checks", `${group}:${kind}`, {
    metadata: { name: "checks" },
    webhooks: policies.map((failurePolicy, i) => ({ name: `check-${i}.example.com`, failurePolicy })),
  });

describeRule(admissionFailurePolicy, {
  good: {
    closed: webhooks("ValidatingWebhookConfiguration", "Fail"),
    "by default": webhooks("MutatingWebhookConfiguration", undefined),
  },
  bad: {
    validating: webhooks("ValidatingWebhookConfiguration", "Ignore"),
    mutating: webhooks("MutatingWebhookConfiguration", "Ignore"),
    "a policy": put("checks", `${group}:ValidatingAdmissionPolicy`, {
      metadata: { name: "checks" },
      spec: { failurePolicy: "Ignore" },
    }),
  },
  partial: { "the second": webhooks("ValidatingWebhookConfiguration", "Fail", "Ignore") },
  notJudged: { number: webhooks("ValidatingWebhookConfiguration", 1) },
  unknown: { policy: webhooks("ValidatingWebhookConfiguration", UNKNOWN) },
});
