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
    const log = subject.fields.get("spec", "telemetry", "accessLog");
    if (!log.get("disable").isOff()) verdict.fail(subject, "must not disable the access log.");
    // Left out, the settings are Envoy Gateway's own: text on standard output.
    const settings = log.get("settings").items();
    const goesNowhere = settings.every((setting) => setting.get("sinks").items().length === 0);
    if (settings.length > 0 && goesNowhere) verdict.fail(subject, "must name a sink of its access log.");
  },
};
