import { UNKNOWN } from "../../../../policies/testing";
import { rolloutWayBack } from "../../../../policies/rules/change/rollout-way-back";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, set } from "../../support/edits";

const slot = (name: string): Edit[] => [
  put(name, "kubernetes:core/v1:Service", {
    metadata: {
      name,
      namespace: "team",
      labels: { "slipway.dev/rollout": "text", "slipway.dev/slot": name },
    },
    spec: { type: "ClusterIP", selector: { app: name }, ports: [{ name: "http", port: 8000 }] },
  }),
  put(`${name}Tls`, "kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy", {
    metadata: { name, namespace: "team" },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name }],
      validation: { hostname: name, wellKnownCACertificates: "System" },
    },
  }),
];
const labels = (value: unknown) =>
  set("route", "metadata.labels", { exposed: "yes", "slipway.dev/rollout": value });
const backends = (...names: unknown[]) =>
  set("route", "spec.rules", [{ backendRefs: names.map((name) => ({ name, port: 8000 })) }]);
const both = [...slot("blue"), ...slot("green"), labels("text")];

describeRule(rolloutWayBack, {
  good: {
    "both named": [...both, backends("blue", "green")],
    "one slot filled": [...slot("blue"), labels("text"), backends("blue")],
    "another rollout": [...both, labels("voice"), backends("blue")],
  },
  bad: { "green is gone": [...both, backends("blue")], "blue is gone": [...both, backends("green")] },
  partial: { "a backend beside": [...both, backends("blue", "text")] },
  notJudged: { "labels are a text": [...both, set("route", "metadata.labels", "text"), backends("blue")] },
  unknown: {
    backend: [...both, backends("blue", UNKNOWN)],
    rollout: [...both, labels(UNKNOWN), backends("blue")],
  },
});
