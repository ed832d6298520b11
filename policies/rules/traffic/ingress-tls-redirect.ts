import type { ResourceRule } from "../../model/rule";

const SWITCHES = ["nginx.ingress.kubernetes.io/ssl-redirect", "ingress.kubernetes.io/ssl-redirect"];
const ALB_PORTS = "alb.ingress.kubernetes.io/listen-ports";
const ALB_REDIRECT = "alb.ingress.kubernetes.io/ssl-redirect";
const TRAEFIK = "traefik.ingress.kubernetes.io/router.entrypoints";
const GKE = "kubernetes.io/ingress.allow-http";

export const ingressTlsRedirect: ResourceRule = {
  id: "ingress-tls-redirect",
  title: "Ingresses send plain HTTP to HTTPS",
  severity: "high",
  description:
    "Ingress controllers redirect once `tls` is set, unless an annotation says otherwise: then tokens are also accepted in plain text.",
  remediation:
    'metadata: { annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "true" } } // or leave it out',
  types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const annotations = subject.fields.get("metadata", "annotations");
    for (const name of SWITCHES) {
      const value = annotations.get(name).value();
      if (value === "false" || value === false)
        verdict.fail(subject, `must not set the annotation \`${name}\` to false.`);
    }
    const ports = annotations.get(ALB_PORTS).string() ?? "";
    if (/"HTTP"/.test(ports) && !annotations.get(ALB_REDIRECT).exists()) {
      verdict.fail(subject, `must set the annotation \`${ALB_REDIRECT}\`: it listens on HTTP.`);
    }
    const entrypoints = (annotations.get(TRAEFIK).string() ?? "").split(",").map((name) => name.trim());
    if (entrypoints.includes("web"))
      verdict.fail(subject, `must not name \`web\` in the annotation \`${TRAEFIK}\`.`);
    if (annotations.get(GKE).value() === "true")
      verdict.fail(subject, `must not set the annotation \`${GKE}\` to true.`);
  },
};
