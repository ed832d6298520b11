import { HELM_TYPES, valuesOf } from "../../model/helm";
import type { ResourceRule } from "../../model/rule";
import { isWellKnownPassword } from "../../model/well-known-passwords";

/** What a value is called that is somebody's password or token. */
const CREDENTIAL = /(?:password|passwd|passphrase|secret(?:key)?|token|api_?key|access_?key)$/i;

/** Where the name of a Secret stands, as in `auth.existingSecret: redis`. */
const NAMED = /(?:existing|name|ref)\w*secret$|secret(?:name|ref)$/i;

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
      if (NAMED.test(path)) continue;
      if (typeof value === "string" && CREDENTIAL.test(path) && isWellKnownPassword(value)) {
        verdict.fail(subject, `must not set \`values.${path}\` to a well-known password.`);
      }
    }
  },
};
