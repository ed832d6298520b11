import { UNKNOWN } from "../../../../policies/testing";
import { streamRoute } from "../../../../policies/rules/traffic/stream-route";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const route = (kind: string, rules: unknown) =>
  put("stream", `kubernetes:gateway.networking.k8s.io/v1alpha2:${kind}`, {
    metadata: { name: "stream", namespace: "team" },
    spec: { parentRefs: [{ name: "gateway", sectionName: "team" }], rules },
  });
const rules = [{ backendRefs: [{ name: "text", port: 8000 }] }];

describeRule(streamRoute, {
  good: { "to nowhere": route("TCPRoute", [{ backendRefs: [] }]) },
  bad: {
    TCP: route("TCPRoute", rules),
    UDP: route("UDPRoute", rules),
    "TLS passed through": route("TLSRoute", rules),
  },
  partial: { "the second rule": route("TCPRoute", [{ backendRefs: [] }, ...rules]) },
  notJudged: { text: route("TCPRoute", "text") },
  unknown: { rules: route("TCPRoute", UNKNOWN) },
});
