import { UNKNOWN } from "../../../../policies/testing";
import { gatewayListenerTls } from "../../../../policies/rules/traffic/gateway-listener-tls";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";
import { listenerSet } from "./listener-set";

const plain = (protocol = "HTTP") => set("gateway", "spec.listeners.2", { name: "http", port: 80, protocol });
const onHttps = ["route", "grpcRoute"].map((role) => set(role, "spec.parentRefs.0.sectionName", "https"));
const redirect = (spec: Record<string, unknown>) =>
  put("redirect", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", {
    metadata: { name: "redirect", namespace: "team" },
    spec,
  });
const filters = (scheme?: string) => [{ type: "RequestRedirect", requestRedirect: { scheme } }];
const ofSet = (protocol: string) => listenerSet({ name: "http", port: 80, protocol });
const toSet = [{ kind: "ListenerSet", name: "set" }];
const parentRefs = [{ name: "gateway", sectionName: "http" }];

describeRule(gatewayListenerTls, {
  good: {
    "redirects to HTTPS": [
      plain(),
      ...onHttps,
      redirect({ parentRefs, rules: [{ filters: filters("https") }] }),
    ],
    "of a set of listeners": ofSet("HTTPS"),
    "redirects from a set of listeners": [
      ofSet("HTTP"),
      redirect({ parentRefs: toSet, rules: [{ filters: filters("https") }] }),
    ],
    "passed through": set("gateway", "spec.listeners.0", {
      name: "https",
      port: 443,
      protocol: "TLS",
      tls: { mode: "Passthrough" },
    }),
  },
  bad: {
    "redirects elsewhere": [plain(), ...onHttps, redirect({ parentRefs, rules: [{ filters: filters() }] })],
    "redirects beside routes that serve": [
      plain(),
      redirect({ parentRefs, rules: [{ filters: filters("https") }] }),
    ],
    "of a set of listeners": ofSet("HTTP"),
    "of a set of listeners whose namesake's routes redirect": [
      ofSet("HTTP"),
      put("namesake", "kubernetes:gateway.networking.k8s.io/v1:Gateway", {
        metadata: { name: "set", namespace: "team" },
        spec: {
          listeners: [
            { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "tls" }] } },
          ],
        },
      }),
      redirect({ parentRefs: [{ name: "set" }], rules: [{ filters: filters("https") }] }),
    ],
    "of an experimental set": put("set", "kubernetes:gateway.networking.x-k8s.io/v1alpha1:XListenerSet", {
      metadata: { name: "set", namespace: "team" },
      spec: { parentRef: { name: "gateway" }, listeners: [{ name: "t", protocol: "TCP", port: 1 }] },
    }),
    "nothing attached yet": [plain(), ...onHttps],
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
    "a route's parents": [
      plain(),
      ...onHttps,
      redirect({ parentRefs: UNKNOWN, rules: [{ filters: filters("https") }] }),
    ],
    protocol: set("gateway", "spec.listeners.0.protocol", UNKNOWN),
    listeners: set("gateway", "spec.listeners", UNKNOWN),
  },
});
