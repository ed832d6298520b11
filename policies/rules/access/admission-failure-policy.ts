import type { ResourceRule } from "../../model/rule";

const GROUP = "kubernetes:admissionregistration.k8s.io/*:";

export const admissionFailurePolicy: ResourceRule = {
  id: "admission-failure-policy",
  title: "Admission checks fail closed",
  severity: "medium",
  description:
    "With failurePolicy Ignore a check that cannot be reached is no check: whoever stops the webhook's pods gets everything past it.",
  remediation: 'webhooks: [{ name, failurePolicy: "Fail", timeoutSeconds: 5 }] // Fail is the default',
  types: [
    `${GROUP}ValidatingWebhookConfiguration`,
    `${GROUP}MutatingWebhookConfiguration`,
    `${GROUP}ValidatingAdmissionPolicy`,
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("spec", "failurePolicy").string() === "Ignore") {
      verdict.fail(subject, "must not set `spec.failurePolicy: Ignore`.");
    }
    for (const webhook of subject.fields.get("webhooks").items()) {
      verdict.judge(subject, () => {
        if (webhook.get("failurePolicy").string() !== "Ignore") return;
        verdict.fail(
          subject,
          `must not set \`failurePolicy: Ignore\` for \`${webhook.get("name").show()}\`.`,
        );
      });
    }
  },
};
