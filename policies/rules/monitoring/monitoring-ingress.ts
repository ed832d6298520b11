import type { Field } from "../../model/field";
import type { ResourceRule } from "../../model/rule";

const NAME = /(?:^|-)(?:prometheus|alertmanager|thanos|pushgateway)(?:-|$)/;
/** Alertmanager's; Prometheus' own is also that of many others. */
const PORT = 9093;

/** What nginx, Traefik, the ALB controller and oauth2-proxy call their authentication. */
const AUTHENTICATION = /(?:\/auth-(?:url|type|secret|signin|tls-secret)|\/auth-idp-|middlewares$)/;

function leadsToMonitoring(backend: Field): boolean {
  const service = backend.get("service");
  const name = service.get("name").string() ?? backend.get("serviceName").string() ?? "";
  const port = service.get("port", "number").value() ?? backend.get("servicePort").value();
  return NAME.test(name) || port === PORT;
}

export const monitoringIngress: ResourceRule = {
  id: "monitoring-ingress",
  title: "Prometheus and Alertmanager are published with authentication only",
  severity: "high",
  description:
    "Neither asks anybody who they are: an Ingress to them shows what runs here, and lets everyone silence the alerts.",
  remediation:
    'metadata: { annotations: { "nginx.ingress.kubernetes.io/auth-url": "https://auth.example/check" } }',
  types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    const backends = [
      ...spec.all(["rules", "*", "http", "paths", "*", "backend"]),
      spec.get("defaultBackend"),
      spec.get("backend"),
    ];
    if (!backends.some(leadsToMonitoring)) return;
    const annotations = subject.fields.get("metadata", "annotations").entries();
    if (annotations.some(([key]) => AUTHENTICATION.test(key))) return;
    verdict.fail(subject, "must ask for authentication: it leads to Prometheus or Alertmanager.");
  },
};
