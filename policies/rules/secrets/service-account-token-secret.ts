import type { ResourceRule } from "../../model/rule";

export const serviceAccountTokenSecret: ResourceRule = {
  id: "service-account-token-secret",
  title: "No long-lived service account tokens",
  severity: "high",
  description:
    "A Secret of type service-account-token never expires; a token that leaks works until someone deletes it.",
  remediation:
    'volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }] } }]',
  types: ["kubernetes:core/*:Secret"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("type").string() === "kubernetes.io/service-account-token") {
      verdict.fail(subject, "must not be a long-lived service account token.");
    }
  },
};
