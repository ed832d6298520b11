import { UNKNOWN } from "../../../../policies/testing";
import { helmDefaultCredentials } from "../../../../policies/rules/secrets/helm-default-credentials";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const values = (given: unknown) =>
  put("release", "kubernetes:helm.sh/v3:Release", { chart: "monitoring", version: "1.0.0", values: given });

describeRule(helmDefaultCredentials, {
  good: {
    "of a Secret": values({ grafana: { admin: { existingSecret: "grafana-admin" } } }),
    "a word that is no password": values({ grafana: { defaultRegion: "default", user: "admin" } }),
    "one password not known yet": values({ grafana: { adminPassword: UNKNOWN } }),
  },
  bad: {
    Grafana: values({ grafana: { adminPassword: "prom-operator" } }),
    "in a list": values({ users: [{ name: "minio", secretKey: "minio123" }] }),
    "in capitals": values({ auth: { rootPassword: "ChangeMe" } }),
  },
  partial: { "one of two": values({ auth: { password: UNKNOWN, rootPassword: "root" } }) },
  notJudged: { text: values("adminPassword: admin"), number: values({ adminPassword: 7 }) },
  unknown: { values: values(UNKNOWN) },
});
