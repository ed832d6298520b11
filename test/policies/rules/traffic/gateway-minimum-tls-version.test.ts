import { UNKNOWN } from "../../../../policies/testing";
import { gatewayMinimumTlsVersion } from "../../../../policies/rules/traffic/gateway-minimum-tls-version";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(gatewayMinimumTlsVersion, {
  good: {
    "the default": remove("clientTraffic", "spec.tls"),
    newest: set("clientTraffic", "spec.tls.minVersion", "1.3"),
  },
  bad: {
    "1.0": set("clientTraffic", "spec.tls.minVersion", "1.0"),
    "at most 1.1": set("clientTraffic", "spec.tls", { maxVersion: "1.1" }),
  },
  partial: {
    "minimum old, maximum new": set("clientTraffic", "spec.tls", { minVersion: "1.1", maxVersion: "1.3" }),
  },
  wrongType: { number: set("clientTraffic", "spec.tls.minVersion", 1.2) },
  unknown: { version: set("clientTraffic", "spec.tls.minVersion", UNKNOWN) },
});
