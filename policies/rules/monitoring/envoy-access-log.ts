import type { ResourceRule } from "../../model/rule";

export const envoyAccessLog: ResourceRule = {
  id: "envoy-access-log",
  title: "The gateway keeps its access log",
  severity: "medium",
  description: "Who called which model when is written nowhere else.",
  remediation: "spec: { telemetry: { accessLog: {} } } // without `disable`",
  types: ["kubernetes:gateway.envoyproxy.io/*:EnvoyProxy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (!subject.fields.get("spec", "telemetry", "accessLog", "disable").isOff()) {
      verdict.fail(subject, "must not disable the access log.");
    }
  },
};
