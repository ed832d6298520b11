import { UNKNOWN } from "../../../../policies/testing";
import { envoyAccessLog } from "../../../../policies/rules/monitoring/envoy-access-log";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(envoyAccessLog, {
  good: {
    kept: set("envoy", "spec.telemetry.accessLog", { disable: false }),
    "to a file and nowhere": set("envoy", "spec.telemetry.accessLog.settings", [
      { sinks: [{ type: "File", file: { path: "/dev/stdout" } }] },
      { sinks: [] },
    ]),
  },
  bad: {
    disabled: set("envoy", "spec.telemetry.accessLog", { disable: true }),
    "to nowhere": set("envoy", "spec.telemetry.accessLog.settings", [
      { format: { type: "Text" }, sinks: [] },
    ]),
  },
  partial: { "with settings": set("envoy", "spec.telemetry.accessLog", { disable: true, settings: [{}] }) },
  wrongType: { text: set("envoy", "spec.telemetry.accessLog", { disable: "true" }) },
  unknown: {
    sinks: set("envoy", "spec.telemetry.accessLog.settings", [{ sinks: UNKNOWN }]),
    switch: set("envoy", "spec.telemetry.accessLog", { disable: UNKNOWN }),
  },
});
