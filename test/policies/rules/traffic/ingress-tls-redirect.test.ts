import { UNKNOWN } from "../../../../policies/testing";
import { ingressTlsRedirect } from "../../../../policies/rules/traffic/ingress-tls-redirect";
import { describeRule } from "../../support/describe-rule";
import { type Edit, set } from "../../support/edits";

const annotation = (name: string, value: unknown): Edit =>
  set("ingress", ["metadata", "annotations", name], value);
const nginx = "nginx.ingress.kubernetes.io/ssl-redirect";
const ports = "alb.ingress.kubernetes.io/listen-ports";

describeRule(ingressTlsRedirect, {
  good: {
    on: annotation(nginx, "true"),
    "ALB, redirected": [
      annotation(ports, '[{"HTTP":80},{"HTTPS":443}]'),
      annotation("alb.ingress.kubernetes.io/ssl-redirect", "443"),
    ],
    "ALB on HTTPS": annotation(ports, '[{"HTTPS":443}]'),
    "Traefik's secure one": annotation("traefik.ingress.kubernetes.io/router.entrypoints", "websecure"),
  },
  bad: {
    off: annotation(nginx, "false"),
    "ALB on both": annotation(ports, '[{"HTTP":80},{"HTTPS":443}]'),
    "Google's": annotation("kubernetes.io/ingress.allow-http", "true"),
  },
  partial: {
    "Traefik on both": annotation("traefik.ingress.kubernetes.io/router.entrypoints", "web, websecure"),
  },
  wrongType: { switch: annotation(nginx, false) },
  unknown: { annotation: annotation(nginx, UNKNOWN) },
});
