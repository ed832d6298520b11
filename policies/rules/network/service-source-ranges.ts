import { isInternet } from "../../model/cidr";
import type { Field } from "../../model/field";
import type { ResourceRule } from "../../model/rule";

const ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** @throws UnknownRead */
function annotatedRanges(fields: Field): string[] {
  const text = fields.get("metadata", "annotations", ANNOTATION).string() ?? "";
  return text
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
}

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
    // Read where the field is left out: how clusters of old were told, and some controllers still are.
    const annotated = ranges.length === 0 ? annotatedRanges(subject.fields) : [];
    const accepted = [...ranges, ...annotated];
    if (accepted.length === 0 || accepted.some(isInternet)) {
      verdict.fail(subject, "must name the sources it accepts in `loadBalancerSourceRanges`.");
    }
  },
};
