import { inputRule } from "../../model/input-rule";
import { isModernTlsPolicy } from "../../model/tls-policies";

const ANNOTATIONS = [
  "alb.ingress.kubernetes.io/ssl-policy",
  "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy",
];

export const loadBalancerAnnotationTlsPolicy = inputRule(
  {
    id: "load-balancer-annotation-tls-policy",
    title: "Load balancers that Kubernetes makes accept TLS 1.2 or newer",
    severity: "high",
    description:
      "The annotation names the policy of the load balancer, past what AWS resources of the stack say.",
    remediation:
      'annotations: { "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06" }',
    types: ["kubernetes:core/*:Service", "kubernetes:networking.k8s.io/*:Ingress"],
    controls: [],
  },
  (object) => {
    const annotations = object.get("metadata", "annotations");
    const weak = ANNOTATIONS.map((name) => annotations.get(name)).find(
      (policy) => policy.exists() && !isModernTlsPolicy(policy.string() ?? ""),
    );
    return weak && `must name a policy of TLS 1.2 or newer in its annotation, not ${weak.show()}.`;
  },
);
