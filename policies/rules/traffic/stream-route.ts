import type { ResourceRule } from "../../model/rule";

export const streamRoute: ResourceRule = {
  id: "stream-route",
  title: "The gateway can read what it routes",
  severity: "medium",
  description:
    "For a TCPRoute, UDPRoute or TLSRoute the gateway checks no token, keeps no request log and shifts no single request: all of that is left to the backend.",
  remediation: "new HTTPRoute(name, { … }) // or GRPCRoute; on a listener that ends TLS",
  types: ["TCPRoute", "UDPRoute", "TLSRoute"].map((kind) => `kubernetes:gateway.networking.k8s.io/*:${kind}`),
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (
      subject.fields
        .get("spec", "rules")
        .all(["*", "backendRefs"])
        .some((refs) => refs.items().length > 0)
    ) {
      verdict.fail(subject, "passes connections on that the gateway cannot read.");
    }
  },
};
