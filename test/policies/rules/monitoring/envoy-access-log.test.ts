import { UNKNOWN } from "../../../../policies/testing";
import { envoyAccessLog } from "../../../../policies/rules/monitoring/envoy-access-log";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(envoyAccessLog, {
  good: { kept: set("envoy", "spec.telemetry.accessLog", { disable: false }) },
  bad: { disabled: set("envoy", "spec.telemetry.accessLog", { disable: true }) },
  partial: { "with settings": set("envoy", "spec.telemetry.accessLog", { disable: true, settings: [{}] }) },
  wrongType: { text: set("envoy", "spec.telemetry.accessLog", { disable: "true" }) },
  unknown: { switch: set("envoy", "spec.telemetry.accessLog", { disable: UNKNOWN }) },
});
