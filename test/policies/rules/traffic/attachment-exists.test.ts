import { attachmentExists } from "../../../../policies/rules/traffic/attachment-exists";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { drop, put, set } from "../../support/edits";
import { listenerSet } from "./listener-set";

const group = "gateway.networking.k8s.io";
const policy = (kind: string, ...targetRefs: unknown[]) =>
  put("limit", `kubernetes:gateway.envoyproxy.io/v1alpha1:${kind}`, {
    metadata: { name: "limit", namespace: "team" },
    spec: { targetRefs },
  });
const limit = (...targets: unknown[]) => policy("BackendTrafficPolicy", ...targets);
const route = (more: Record<string, unknown> = {}) => ({ group, kind: "HTTPRoute", name: "text", ...more });
const gateway = (more: Record<string, unknown> = {}) => ({
  group,
  kind: "Gateway",
  name: "gateway",
  ...more,
});
const backendTls = (targetRef: Record<string, unknown>) =>
  set("backendTls", "spec.targetRefs", [
    { group: "", kind: "Service", name: "text" },
    { group: "", kind: "Service", ...targetRef },
  ]);
/** What makes Services, as Gateways do, leaves nobody knowing which there are. */
const withoutOperators = drop("gateway", "envoy", "prometheus");

describeRule(attachmentExists, {
  good: {
    "a route": limit(route()),
    "a rule of a route": limit(route({ sectionName: "rest" })),
    "a gateway": limit(gateway()),
    "a listener": policy("ClientTrafficPolicy", gateway({ sectionName: "team" })),
    "a set of listeners": [
      listenerSet({ name: "own" }),
      limit({ group, kind: "ListenerSet", name: "set", sectionName: "own" }),
    ],
    "a route of another program": [
      put("limit", "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", {
        metadata: { name: "limit", namespace: "far" },
        spec: { targetRefs: [route({ name: "far" })] },
      }),
    ],
    "a gateway of another program": set("route", "spec.parentRefs.1", { name: "edge", namespace: "edge" }),
    "a kind that the stack has none of": limit(route({ kind: "TCPRoute" })),
    "a route that a canary makes": [
      limit(route({ name: "canary" })),
      put("canary", "kubernetes:flagger.app/v1beta1:Canary", {
        metadata: { name: "canary", namespace: "team" },
        spec: {
          targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" },
          analysis: { threshold: 5, metrics: [{ name: "request-success-rate" }] },
        },
      }),
    ],
    "a Service that a gateway may have made": backendTls({ name: "proxy" }),
  },
  bad: {
    "a route of another name": limit(route({ name: "txt" })),
    "a gateway of another name": policy("ClientTrafficPolicy", gateway({ name: "edge" })),
    "an extension of another route": policy("EnvoyExtensionPolicy", route({ name: "txt" })),
    "by the older field": put("limit", "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", {
      metadata: { name: "limit", namespace: "team" },
      spec: { targetRef: route({ name: "txt" }) },
    }),
    "a rule of another name": limit(route({ sectionName: "infr" })),
    "a listener of another name": policy("ClientTrafficPolicy", gateway({ sectionName: "http" })),
    "a listener that a set has not": [
      listenerSet({ name: "own" }),
      limit({ group, kind: "ListenerSet", name: "set", sectionName: "other" }),
    ],
    "a set on another gateway": [listenerSet({ name: "own" }), set("set", "spec.parentRef.name", "edge")],
    "a Service of another name": [withoutOperators, backendTls({ name: "txt" })],
    "a port of another name": [withoutOperators, backendTls({ name: "text", sectionName: "https" })],
  },
  partial: {
    "one route of two": limit(route(), route({ name: "txt" })),
    "a second gateway of a route": set("route", "spec.parentRefs.1", { name: "edge" }),
    "a second listener of a route": set("route", "spec.parentRefs", [
      { name: "gateway", sectionName: "https" },
      { name: "gateway", sectionName: "http" },
    ]),
    "a second port of a route": set("route", "spec.parentRefs", [
      { name: "gateway", port: 443 },
      { name: "gateway", port: 80 },
    ]),
  },
  notJudged: { "a name of a wrong type": limit(route({ name: 7 })) },
  unknown: {
    name: limit(route({ name: UNKNOWN })),
    kind: limit(route({ kind: UNKNOWN })),
    "a route's name": [
      limit(route({ name: "txt" })),
      drop("route"),
      put("other", `kubernetes:${group}/v1:HTTPRoute`, {
        metadata: { name: UNKNOWN, namespace: "team" },
        spec: {},
      }),
    ],
    "a rule's name": [limit(route({ sectionName: "infer" })), set("route", "spec.rules.0.name", UNKNOWN)],
  },
});
