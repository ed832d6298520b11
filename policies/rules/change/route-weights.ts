import type { ResourceRule } from "../../model/rule";
import { ROUTE_TYPES, weightOf } from "../../model/route-backends";

export const routeWeights: ResourceRule = {
  id: "route-weights",
  title: "The weights of a route's backends leave somebody to answer",
  severity: "high",
  description: "Where every backend of a rule has weight 0, the gateway answers each request with 500.",
  remediation:
    "backendRefs: [{ name: blue, port: 8000, weight: 100 }, { name: green, port: 8000, weight: 0 }]",
  types: [
    ...ROUTE_TYPES,
    ...["TCPRoute", "TLSRoute", "UDPRoute"].map((kind) => `kubernetes:gateway.networking.k8s.io/*:${kind}`),
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const rule of subject.fields.get("spec", "rules").items()) {
      verdict.judge(subject, () => {
        const backends = rule.get("backendRefs").items();
        if (backends.length === 0) return;
        const weights = backends.map(weightOf);
        if (weights.every((weight) => weight <= 0)) {
          verdict.fail(subject, `must give a backend of \`${rule.path}\` a weight above 0.`);
        }
      });
    }
  },
};
