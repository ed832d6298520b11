import { UNKNOWN } from "../../../../policies/testing";
import { gatewayListenerCertificate } from "../../../../policies/rules/traffic/gateway-listener-certificate";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(gatewayListenerCertificate, {
  good: {
    "by an option": set("gateway", "spec.listeners.0.tls", { options: { "example.com/certificate": "arn" } }),
  },
  bad: { none: remove("gateway", "spec.listeners.0.tls") },
  partial: {
    "an empty list": set("gateway", "spec.listeners.1.tls", { mode: "Terminate", certificateRefs: [] }),
  },
  wrongType: { text: set("gateway", "spec.listeners.0.tls.certificateRefs", "tls") },
  unknown: { references: set("gateway", "spec.listeners.0.tls.certificateRefs", UNKNOWN) },
});
