import { loadBalancerAnnotationTlsPolicy } from "../../../../policies/rules/encryption/load-balancer-annotation-tls-policy";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const INGRESS = "alb.ingress.kubernetes.io/ssl-policy";
const annotation = (name: string): string[] => ["metadata", "annotations", name];

describeRule(loadBalancerAnnotationTlsPolicy, {
  good: {
    "TLS 1.2 on a Service": set(
      "service",
      annotation("service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy"),
      "ELBSecurityPolicy-TLS13-1-2-2021-06",
    ),
    "TLS 1.2 on an Ingress": set("ingress", annotation(INGRESS), "ELBSecurityPolicy-FS-1-2-Res-2020-10"),
  },
  bad: {
    "a Service": set(
      "service",
      annotation("service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy"),
      "ELBSecurityPolicy-2016-08",
    ),
    "an Ingress": set("ingress", annotation(INGRESS), "ELBSecurityPolicy-TLS-1-1-2017-01"),
  },
  partial: { "no name": set("ingress", annotation(INGRESS), "") },
  wrongType: { "a number": set("ingress", annotation(INGRESS), 1.2) },
  unknown: {
    annotation: set("ingress", annotation(INGRESS), UNKNOWN),
    annotations: set("ingress", "metadata.annotations", UNKNOWN),
  },
});
