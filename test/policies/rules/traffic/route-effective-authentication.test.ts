import { UNKNOWN } from "../../../../policies/testing";
import { routeEffectiveAuthentication } from "../../../../policies/rules/traffic/route-effective-authentication";
import { describeRule } from "../../support/describe-rule";
import { drop, put, set } from "../../support/edits";
import { listenerSet } from "./listener-set";

const spec = (value: unknown) => set("security", "spec", value);
const refs = ["HTTPRoute", "GRPCRoute"].map((kind) => ({
  group: "gateway.networking.k8s.io",
  kind,
  name: "text",
}));
const gatewayRef = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "gateway" };
const jwt = { providers: [{ name: "own", issuer: "https://issuer.example", audiences: ["slipway"] }] };
const second = (value: unknown) =>
  put("second", "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy", {
    metadata: { name: "second", namespace: "team" },
    spec: value,
  });
/** A policy on both routes that is merged over the gateway's. */
const merging = (value: Record<string, unknown>) =>
  second({ targetRefs: refs, mergeType: "StrategicMerge", ...value });
const onGateway = (value: Record<string, unknown>) => spec({ targetRefs: [gatewayRef], ...value });
const extAuth = { http: { backendRefs: [{ name: "auth", port: 80 }] } };
const cors = { allowOrigins: ["https://app.example"] };
const redirect = { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] };

const clients = (clientValidation: Record<string, unknown>, targetRefs: unknown = [gatewayRef]) => [
  drop("security"),
  set("clientTraffic", "spec", { targetRefs, tls: { clientValidation } }),
];
const authority = { caCertificateRefs: [{ kind: "ConfigMap", name: "clients" }] };
const otherClients = (targetRef: object) =>
  put("second", "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy", {
    metadata: { name: "second", namespace: "team" },
    spec: { targetRefs: [targetRef], tls: { minVersion: "1.3" } },
  });
const viaSet = [
  listenerSet({ name: "own" }),
  ...["route", "grpcRoute"].map((role) =>
    set(role, "spec.parentRefs", [{ kind: "ListenerSet", name: "set" }]),
  ),
];
const setRef = { group: "gateway.networking.k8s.io", kind: "ListenerSet", name: "set" };
const mirror = { type: "RequestMirror", requestMirror: { backendRef: { name: "text", port: 8000 } } };

describeRule(routeEffectiveAuthentication, {
  good: {
    "by client certificates": clients(authority),
    "by client certificates that are verified": clients({ ...authority, mode: "RequireAndVerify" }),
    "by client certificates on the route's listener": [
      ...clients(authority, [{ ...gatewayRef, sectionName: "https" }]),
      set("route", "spec.parentRefs.0.sectionName", "https"),
      set("grpcRoute", "spec.parentRefs.0.sectionName", "https"),
    ],
    "by client certificates of a gateway that another stack has": [...clients(authority), drop("gateway")],
    "by client certificates of the gateway of a set of listeners": [...clients(authority), ...viaSet],
    "by client certificates of a set of listeners": [...clients(authority, [setRef]), ...viaSet],
    "on the gateway of a set of listeners": [...viaSet, onGateway({ jwt })],
    "on a set of listeners": [...viaSet, spec({ targetRefs: [setRef], jwt })],
    "on all listeners of a set": [...viaSet, spec({ targetRefs: [{ ...setRef, sectionName: "own" }], jwt })],
    "on the gateway": spec({ targetRefs: [gatewayRef], jwt }),
    "on the route's listener": [
      spec({ targetRefs: [{ ...gatewayRef, sectionName: "https" }], jwt }),
      set("route", "spec.parentRefs.0.sectionName", "https"),
      set("grpcRoute", "spec.parentRefs.0.sectionName", "https"),
    ],
    "on every listener": spec({
      targetRefs: ["https", "team"].map((sectionName) => ({ ...gatewayRef, sectionName })),
      jwt,
    }),
    "by labels": spec({
      targetSelectors: ["HTTPRoute", "GRPCRoute"].map((kind) => ({ kind, matchLabels: { exposed: "yes" } })),
      jwt,
    }),
    "by the older targetRef": [spec({ targetRef: refs[0], jwt }), second({ targetRef: refs[1], jwt })],
    "by API keys": spec({
      targetRefs: refs,
      apiKeyAuth: { credentialRefs: [{ name: "keys" }], extractFrom: [{ headers: ["x-key"] }] },
    }),
    "by basic auth": spec({ targetRefs: refs, basicAuth: { users: { name: "users" } } }),
    "by OIDC": spec({ targetRefs: refs, oidc: { provider: { issuer: "https://issuer.example" } } }),
    "by external authorisation": spec({
      targetRefs: refs,
      extAuth: { http: { backendRefs: [{ name: "auth", port: 80 }] } },
    }),
    "merged over the gateway's": [onGateway({ jwt }), merging({ cors })],
    "merged, with a method of its own": [onGateway({ cors }), merging({ jwt })],
    "merged, with other tokens": [onGateway({ jwt }), merging({ jwt })],
    "merged, and strict where the gateway's is not": [
      onGateway({ jwt: { ...jwt, optional: true } }),
      merging({ jwt: { ...jwt, optional: false } }),
    ],
    "merged, with a token that may be missing beside a password that may not": [
      onGateway({ basicAuth: { users: { name: "users" } } }),
      merging({ jwt: { ...jwt, optional: true } }),
    ],
    "merged over nothing, by itself": [drop("security"), merging({ jwt })],
    "a route that only redirects": put("plain", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", {
      metadata: { name: "plain", namespace: "team" },
      spec: { parentRefs: [{ name: "gateway" }], rules: [redirect] },
    }),
  },
  bad: {
    "on a set of listeners, replaced by CORS": [
      ...viaSet,
      onGateway({ jwt }),
      second({ targetRefs: [setRef], cors }),
    ],
    "on a listener of the gateway that a set's routes do not come through": [
      ...viaSet,
      spec({ targetRefs: [{ ...gatewayRef, sectionName: "https" }], jwt }),
    ],
    "a set's own policy asks for no certificate": [...clients(authority), ...viaSet, otherClients(setRef)],
    "certificates of a listener of the gateway that a set's routes do not come through": [
      ...clients(authority, [{ ...gatewayRef, sectionName: "https" }]),
      ...viaSet,
    ],
    "no policy": drop("security"),
    "certificates of one listener": clients(authority, [{ ...gatewayRef, sectionName: "https" }]),
    "a listener's policy replaces the one that asks for certificates": [
      ...clients(authority),
      otherClients({ ...gatewayRef, sectionName: "https" }),
    ],
    "a second policy of the gateway asks for no certificate": [
      ...clients(authority),
      otherClients(gatewayRef),
    ],
    "certificates of another stack's gateway, but for one listener": [
      ...clients(authority),
      drop("gateway"),
      otherClients({ ...gatewayRef, sectionName: "https" }),
    ],
    "a redirect whose copy goes to a backend": put(
      "plain",
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      {
        metadata: { name: "plain", namespace: "team" },
        spec: { parentRefs: [{ name: "gateway" }], rules: [{ filters: [...redirect.filters, mirror] }] },
      },
    ),
    "a preview's own route": put("preview", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", {
      metadata: { name: "preview", namespace: "team" },
      spec: {
        parentRefs: [{ name: "gateway" }],
        rules: [
          {
            matches: [{ headers: [{ name: "slipway-slot", value: "green" }] }],
            backendRefs: [{ name: "text", port: 8000 }],
            filters: [mirror],
          },
        ],
      },
    }),
    "CORS only": spec({ targetRefs: refs, cors }),
    "the route's replaces the gateway's": [
      spec({ targetRefs: [gatewayRef], jwt }),
      second({ targetRefs: [refs[0]], cors }),
    ],
    "a rule's replaces the route's": second({ targetRefs: [{ ...refs[0], sectionName: "rest" }], cors }),
    "a listener's replaces the gateway's": [
      spec({ targetRefs: [gatewayRef], jwt }),
      second({ targetRefs: [{ ...gatewayRef, sectionName: "https" }], cors }),
    ],
    "two on one route, one without": second({ targetRefs: refs, cors }),
    "a token that may be missing": spec({ targetRefs: refs, jwt: { ...jwt, optional: true } }),
    "another kind of that name": spec({ targetRefs: [refs[0], { ...refs[1], kind: "TCPRoute" }], jwt }),
    "merged over nothing": [drop("security"), merging({ cors })],
    "merged, and tokens may be missing": [onGateway({ jwt }), merging({ jwt: { ...jwt, optional: true } })],
    "merged, and tokens may be wrong": [onGateway({ jwt }), merging({ jwt: { ...jwt, failOpen: true } })],
    "merged as JSON, and tokens may be missing": [
      onGateway({ jwt }),
      merging({ mergeType: "JSONMerge", jwt: { optional: true } }),
    ],
    "merged, strict by itself, over one whose tokens may be missing": [
      onGateway({ jwt: { ...jwt, optional: true } }),
      merging({ jwt }),
    ],
    "a rule's is merged over the gateway's, not over the route's": [
      merging({ targetRefs: [{ ...refs[0], sectionName: "rest" }], cors }),
    ],
  },
  partial: {
    "one route of two": spec({ targetRefs: [refs[0]], jwt }),
    "one rule of two": spec({ targetRefs: [{ ...refs[0], sectionName: "infer" }, refs[1]], jwt }),
    "one listener of two": spec({ targetRefs: [{ ...gatewayRef, sectionName: "https" }], jwt }),
    "another namespace": set("security", "metadata.namespace", "other"),
    "no providers": spec({ targetRefs: refs, jwt: { providers: [] } }),
    "merged, without providers": [onGateway({ jwt }), merging({ jwt: {} })],
    "merged over one listener's of two": [
      onGateway({ targetRefs: [{ ...gatewayRef, sectionName: "https" }], jwt }),
      merging({ cors }),
    ],
    "labels that differ": spec({
      targetSelectors: [{ kind: "HTTPRoute", matchLabels: { exposed: "no" } }],
      jwt,
    }),
  },
  wrongType: {
    // These are also another rule's matter, so they cannot fail alone.
    "certificates are optional": clients({ ...authority, optional: true }),
    "certificates are not verified": clients({ ...authority, mode: "RequireAny" }),
    "certificates are asked for, whatever the older setting is": clients({
      ...authority,
      mode: "VerifyIfGiven",
      optional: false,
    }),
    "a check that fails open": spec({ targetRefs: refs, extAuth: { failOpen: true, grpc: {} } }),
    "merged, and the check fails open": [
      onGateway({ extAuth }),
      merging({ extAuth: { ...extAuth, failOpen: true } }),
    ],
    "merged, strict by itself, over a check that fails open": [
      onGateway({ extAuth: { ...extAuth, failOpen: true } }),
      merging({ extAuth }),
    ],
    "certificates, and a listener of plain HTTP": [
      ...clients(authority),
      set("gateway", "spec.listeners.1.protocol", "HTTP"),
    ],
    "certificates, and a listener whose protocol is a port": [
      ...clients(authority),
      set("gateway", "spec.listeners.1.protocol", 443),
    ],
    "targets are a text": spec({ targetRefs: "text", jwt }),
    "merged, and jwt is a switch": [onGateway({ jwt }), merging({ jwt: true })],
    "jwt is a switch": spec({ targetRefs: refs, jwt: true }),
    "spec is a list": spec([jwt]),
  },
  unknown: {
    "who must show a certificate": clients({ caCertificateRefs: UNKNOWN }),
    "whose clients must show a certificate": clients(authority, UNKNOWN),
    "what a listener speaks": [...clients(authority), set("gateway", "spec.listeners.0.protocol", UNKNOWN)],
    targets: spec({ targetRefs: UNKNOWN, jwt }),
    "whether it is merged": [
      onGateway({ jwt: { ...jwt, optional: true } }),
      second({ targetRefs: refs, mergeType: UNKNOWN, jwt }),
    ],
    "whether a merged one lets tokens be missing": [
      onGateway({ jwt }),
      merging({ jwt: { ...jwt, optional: UNKNOWN } }),
    ],
    "a merged method": [onGateway({ extAuth }), merging({ extAuth: UNKNOWN })],
    "what is merged": [onGateway({ jwt }), second(UNKNOWN)],
    "what a strict one is merged over": [onGateway({ jwt: UNKNOWN }), merging({ jwt })],
    "whether the check that it is merged over fails open": [
      onGateway({ extAuth: { ...extAuth, failOpen: UNKNOWN } }),
      merging({ extAuth }),
    ],
    "a target's name": spec({ targetRefs: [{ ...refs[0], name: UNKNOWN }], jwt }),
    "the selector's labels": spec({ targetSelectors: [{ kind: "HTTPRoute", matchLabels: UNKNOWN }], jwt }),
    "the method": spec({ targetRefs: refs, jwt: UNKNOWN }),
    "the policy's namespace": set("security", "metadata.namespace", UNKNOWN),
    "other namespaces": spec({
      targetSelectors: [{ kind: "HTTPRoute", namespaces: { from: "All" }, matchLabels: { exposed: "yes" } }],
      jwt,
    }),
  },
});
