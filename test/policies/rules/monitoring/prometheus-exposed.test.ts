import { UNKNOWN } from "../../../../policies/testing";
import { prometheusExposed } from "../../../../policies/rules/monitoring/prometheus-exposed";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const balancer = { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"], ports: [{ port: 443 }] };

describeRule(prometheusExposed, {
  good: {
    "another service": set("service", "spec", {
      type: "LoadBalancer",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      selector: { app: "text" },
      ports: [{ port: 443 }],
    }),
    "inside the cluster": set("service", "spec.selector", { prometheus: "main" }),
  },
  bad: {
    "by label": set("service", "spec", { ...balancer, selector: { "app.kubernetes.io/name": "prometheus" } }),
    "by operator's label": set("service", "spec", { ...balancer, selector: { prometheus: "main" } }),
    Alertmanager: set("service", "spec", { ...balancer, selector: { alertmanager: "main" } }),
    "Alertmanager, by port": set("service", "spec", { ...balancer, ports: [{ port: 9093 }] }),
    "by port": set("service", "spec", { ...balancer, ports: [{ port: 80, targetPort: 9090 }] }),
  },
  partial: {
    "one port of two": set("service", "spec", { ...balancer, ports: [{ port: 80 }, { port: 9090 }] }),
  },
  notJudged: { "type is a number": set("service", "spec", { type: 1, selector: { prometheus: "main" } }) },
  unknown: {
    type: set("service", "spec.type", UNKNOWN),
    selector: set("service", "spec", {
      type: "LoadBalancer",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      selector: UNKNOWN,
    }),
  },
});
