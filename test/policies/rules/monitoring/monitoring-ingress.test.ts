import { UNKNOWN } from "../../../../policies/testing";
import { monitoringIngress } from "../../../../policies/rules/monitoring/monitoring-ingress";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rules = (name: unknown, number: unknown) =>
  set("ingress", "spec.rules", [
    {
      host: "old.example",
      http: { paths: [{ path: "/", backend: { service: { name, port: { number } } } }] },
    },
  ]);
const annotation = (name: string) =>
  set("ingress", ["metadata", "annotations", name], "https://auth.example");

describeRule(monitoringIngress, {
  good: {
    "with authentication": [rules("prometheus", 9090), annotation("nginx.ingress.kubernetes.io/auth-url")],
    "something else": rules("text", 8000),
  },
  bad: {
    Prometheus: rules("prometheus-operated", 80),
    "by its port": rules("metrics", 9093),
    "as the default": set("ingress", "spec.defaultBackend", {
      service: { name: "alertmanager", port: { name: "web" } },
    }),
  },
  partial: {
    "with another annotation": [rules("prometheus", 9090), annotation("nginx.ingress.kubernetes.io/rewrite")],
  },
  notJudged: { text: set("ingress", "spec.rules", "prometheus") },
  unknown: {
    backend: rules(UNKNOWN, 80),
    annotations: [rules("prometheus", 9090), set("ingress", "metadata.annotations", UNKNOWN)],
  },
});
