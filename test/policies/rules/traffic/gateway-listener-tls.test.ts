import { UNKNOWN } from "../../../../policies/testing";
import { gatewayListenerTls } from "../../../../policies/rules/traffic/gateway-listener-tls";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(gatewayListenerTls, {
  good: {
    "passed through": set("gateway", "spec.listeners.0", {
      name: "https",
      port: 443,
      protocol: "TLS",
      tls: { mode: "Passthrough" },
    }),
  },
  bad: {
    http: set("gateway", "spec.listeners.0", { name: "http", port: 80, protocol: "HTTP" }),
    "an older version": put("old", "kubernetes:gateway.networking.k8s.io/v1beta1:Gateway", {
      metadata: { name: "old" },
      spec: { listeners: [{ name: "t", protocol: "TCP", port: 1 }] },
    }),
  },
  partial: {
    "one of three": set("gateway", "spec.listeners.2", { name: "http", port: 80, protocol: "HTTP" }),
  },
  wrongType: { number: set("gateway", "spec.listeners.0.protocol", 443) },
  notJudged: { "listeners are an object": set("gateway", "spec.listeners", { protocol: "HTTP" }) },
  unknown: {
    protocol: set("gateway", "spec.listeners.0.protocol", UNKNOWN),
    listeners: set("gateway", "spec.listeners", UNKNOWN),
  },
});
