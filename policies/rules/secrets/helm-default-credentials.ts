import { HELM_TYPES, valuesOf } from "../../model/helm";
import type { ResourceRule } from "../../model/rule";

/** What a value is called that is somebody's password or token. */
const CREDENTIAL = /(?:password|passwd|passphrase|secret(?:key)?|token|api_?key|access_?key)$/i;

/** What charts, tutorials and their readers put there. */
const DEFAULTS = new Set([
  "admin",
  "administrator",
  "changeme",
  "change-me",
  "changeit",
  "default",
  "demo",
  "example",
  "grafana",
  "guest",
  "letmein",
  "minio",
  "minio123",
  "minioadmin",
  "p@ssw0rd",
  "pass",
  "password",
  "password1",
  "postgres",
  "prom-operator",
  "rabbitmq",
  "redis",
  "root",
  "secret",
  "strongpassword",
  "supersecret",
  "test",
  "toor",
  "123456",
  "12345678",
]);

export const helmDefaultCredentials: ResourceRule = {
  id: "helm-default-credentials",
  title: "Helm values hold no well-known password",
  severity: "critical",
  description:
    "Charts come with a password so that they start; it is in their README, and in every scanner's list.",
  remediation: "values: { grafana: { admin: { existingSecret: secret.metadata.name } } }",
  types: HELM_TYPES,
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const [path, value] of valuesOf(subject)) {
      if (typeof value === "string" && CREDENTIAL.test(path) && DEFAULTS.has(value.trim().toLowerCase())) {
        verdict.fail(subject, `must not set \`values.${path}\` to a well-known password.`);
      }
    }
  },
};
