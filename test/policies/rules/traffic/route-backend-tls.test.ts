import { UNKNOWN } from "../../../../policies/testing";
import { routeBackendTls } from "../../../../policies/rules/traffic/route-backend-tls";
import { describeRule } from "../../support/describe-rule";
import { drop, set } from "../../support/edits";

describeRule(routeBackendTls, {
  good: {
    "the named port": set("backendTls", "spec.targetRefs.0.sectionName", "http"),
    "a Backend with TLS": set("route", "spec.rules.0.backendRefs.0", {
      group: "gateway.envoyproxy.io",
      kind: "Backend",
      name: "far",
    }),
  },
  bad: {
    none: drop("backendTls"),
    "another Service": set("route", "spec.rules.1.backendRefs.0.name", "voice"),
    "a mirrored backend": set("route", "spec.rules.0.filters", [
      { type: "RequestMirror", requestMirror: { backendRef: { name: "shadow", port: 8000 } } },
    ]),
  },
  partial: {
    "another port": set("backendTls", "spec.targetRefs.0.sectionName", "metrics"),
    "another namespace": set("backendTls", "metadata.namespace", "other"),
  },
  wrongType: { "targets are a text": set("backendTls", "spec.targetRefs", "text") },
  notJudged: { "rules are a text": [set("route", "spec.rules", "all"), set("grpcRoute", "spec.rules", 4)] },
  unknown: {
    targets: set("backendTls", "spec.targetRefs", UNKNOWN),
    "the backend's name": set("route", "spec.rules.0.backendRefs.0.name", UNKNOWN),
  },
});
