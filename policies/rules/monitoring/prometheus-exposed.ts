import type { ResourceRule } from "../../model/rule";

const LABELS = ["app.kubernetes.io/name", "app", "k8s-app"];
const PORT = 9090;

export const prometheusExposed: ResourceRule = {
  id: "prometheus-exposed",
  title: "Prometheus is not offered by a load balancer",
  severity: "high",
  description:
    "Prometheus asks nobody who they are: a load balancer in front of it shows every metric and label to whoever finds the address.",
  remediation: 'spec: { type: "ClusterIP" } // and a route with a SecurityPolicy, or a port-forward',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    if (spec.get("type").string() !== "LoadBalancer") return;
    const selector = spec.get("selector");
    const selected =
      selector.get("prometheus").exists() ||
      LABELS.some((label) => selector.get(label).string() === "prometheus");
    const byPort = spec
      .get("ports")
      .items()
      .some((port) => port.get("port").value() === PORT || port.get("targetPort").value() === PORT);
    if (selected || byPort) verdict.fail(subject, "must not offer Prometheus through a load balancer.");
  },
};
