import type { ResourceRule } from "../../model/rule";

const LABELS = ["app.kubernetes.io/name", "app", "k8s-app"];
const NAMES = ["prometheus", "alertmanager"];
const PORTS: readonly unknown[] = [9090, 9093];

export const prometheusExposed: ResourceRule = {
  id: "prometheus-exposed",
  title: "Prometheus and Alertmanager are not offered by a load balancer",
  severity: "high",
  description:
    "Neither asks anybody who they are: a load balancer in front of Prometheus shows every metric and label to whoever finds the address, one in front of Alertmanager lets him silence the alerts.",
  remediation: 'spec: { type: "ClusterIP" } // and a route with a SecurityPolicy, or a port-forward',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    if (spec.get("type").string() !== "LoadBalancer") return;
    const selector = spec.get("selector");
    const selected =
      NAMES.some((name) => selector.get(name).exists()) ||
      LABELS.some((label) => NAMES.includes(selector.get(label).string() ?? ""));
    const byPort = spec
      .get("ports")
      .items()
      .some((port) => ["port", "targetPort"].some((side) => PORTS.includes(port.get(side).value())));
    if (selected || byPort)
      verdict.fail(subject, "must not offer Prometheus or Alertmanager through a load balancer.");
  },
};
