import { UNKNOWN } from "../../../../policies/testing";
import { grafanaAnonymousAccess } from "../../../../policies/rules/monitoring/grafana-anonymous-access";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, server, set } from "../../support/edits";

const metadata = { name: "dashboards", namespace: "team" };
const operated = (enabled: unknown): Edit =>
  put("grafana", "kubernetes:grafana.integreatly.org/v1beta1:Grafana", {
    metadata,
    spec: { config: { "auth.anonymous": { enabled } } },
  });
const released = (values: unknown): Edit =>
  put("release", "kubernetes:helm.sh/v3:Release", { chart: "grafana", version: "9.0.0", values });
const contained = (value: unknown): Edit[] => [
  set("deployment", server("image"), `registry.example/grafana/grafana@sha256:${"ab".repeat(32)}`),
  set("deployment", server("env"), [
    { name: "GF_AUTH_ANONYMOUS_ENABLED", value },
    { name: "GF_SECURITY_ADMIN_PASSWORD__FILE", value: "/etc/grafana/admin" },
  ]),
];

describeRule(grafanaAnonymousAccess, {
  good: { off: operated("false"), "off in a container": contained("false") },
  bad: {
    "by its operator": operated("true"),
    "by its chart": released({ "grafana.ini": { "auth.anonymous": { enabled: true } } }),
    "as a part of a chart": released({ grafana: { "grafana.ini": { "auth.anonymous": { enabled: true } } } }),
    "by the environment": contained("true"),
  },
  partial: {
    "as a viewer only": released({
      "grafana.ini": { "auth.anonymous": { enabled: true, org_role: "Viewer" } },
    }),
  },
  notJudged: { text: released("auth.anonymous"), object: operated({ toString: 1 }) },
  unknown: { switch: operated(UNKNOWN), values: released(UNKNOWN) },
});
