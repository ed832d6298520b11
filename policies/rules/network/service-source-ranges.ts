import { isInternet } from "../../model/cidr";
import type { ResourceRule } from "../../model/rule";

export const serviceSourceRanges: ResourceRule = {
  id: "service-source-ranges",
  title: "Load balancers name the sources they accept",
  severity: "medium",
  description: "Without `loadBalancerSourceRanges` the whole internet reaches the Service.",
  remediation: 'spec: { loadBalancerSourceRanges: ["203.0.113.0/24"] }',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    if (spec.get("type").string() !== "LoadBalancer") return;
    const ranges = spec.get("loadBalancerSourceRanges").strings();
    if (ranges.length === 0 || ranges.some(isInternet)) {
      verdict.fail(subject, "must name the sources it accepts in `loadBalancerSourceRanges`.");
    }
  },
};
