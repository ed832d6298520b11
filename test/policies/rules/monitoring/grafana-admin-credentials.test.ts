import { UNKNOWN } from "../../../../policies/testing";
import { grafanaAdminCredentials } from "../../../../policies/rules/monitoring/grafana-admin-credentials";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, server, set } from "../../support/edits";

const image = set(
  "deployment",
  server("image"),
  `registry.example/grafana/grafana-oss@sha256:${"ab".repeat(32)}`,
);
const env = (...variables: unknown[]): Edit[] => [image, set("deployment", server("env"), variables)];
const operated = (password: unknown): Edit =>
  put("grafana", "kubernetes:grafana.integreatly.org/v1beta1:Grafana", {
    metadata: { name: "dashboards", namespace: "team" },
    spec: { config: { security: { admin_password: password } } },
  });

describeRule(grafanaAdminCredentials, {
  good: {
    "of a file": env({ name: "GF_SECURITY_ADMIN_PASSWORD__FILE", value: "/etc/grafana/admin" }),
    "no admin at all": env({ name: "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", value: "true" }),
    "whatever a ConfigMap says": [
      image,
      set("deployment", server("envFrom"), [{ configMapRef: { name: "grafana" } }]),
    ],
    "whatever a mounted grafana.ini says": [
      image,
      set("deployment", server("volumeMounts"), [{ name: "models", mountPath: "/etc/grafana/grafana.ini" }]),
    ],
    "another image": set("deployment", server("env"), []),
  },
  bad: { "none given": [image, set("deployment", server("env"), [])], "by its operator": operated("admin") },
  partial: { "a user only": env({ name: "GF_SECURITY_ADMIN_USER", value: "operator" }) },
  notJudged: { number: operated(7) },
  unknown: { password: operated(UNKNOWN), variables: [image, set("deployment", server("env"), UNKNOWN)] },
});
