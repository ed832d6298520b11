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
  notJudged: {
    "a Service that may be a slot, and is named": [
      ...both,
      set("green", "metadata.labels", UNKNOWN),
      backends("blue", "green"),
    ],
    "a Service of another rollout that may be a slot": [
      ...slot("blue"),
      ...slot("green"),
      labels("text"),
      set("green", "metadata.labels", { "slipway.dev/rollout": "voice", "slipway.dev/slot": UNKNOWN }),
      backends("blue"),
    ],
    "labels are a text": [...both, set("route", "metadata.labels", "text"), backends("blue")],
  },
  unknown: {
    "whose slot the second Service is": [
      ...both,
      set("green", ["metadata", "labels", "slipway.dev/rollout"], UNKNOWN),
      backends("blue"),
    ],
    "whether the second Service is a slot": [
      ...both,
      set("green", ["metadata", "labels", "slipway.dev/slot"], UNKNOWN),
      backends("blue"),
    ],
    "the second Service's labels": [...both, set("green", "metadata.labels", UNKNOWN), backends("blue")],
    "both Services' labels": [
      ...both,
      ...["blue", "green"].map((name) => set(name, "metadata.labels", UNKNOWN)),
      backends("text"),
    ],
    "the second Service's name": [...both, set("green", "metadata.name", UNKNOWN), backends("blue")],
    backend: [...both, backends("blue", UNKNOWN)],
    rollout: [...both, labels(UNKNOWN), backends("blue")],
  },
});
