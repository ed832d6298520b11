import { externalAuthorizationFailOpen } from "../../../../policies/rules/traffic/external-authorization-fail-open";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const extAuth = (failOpen: unknown) =>
  set("security", "spec.extAuth", { http: { backendRefs: [{ name: "auth", port: 443 }] }, failOpen });
const metadata = { name: "edge", namespace: "team" };
const contour = (failOpen: unknown) =>
  put("contour", "kubernetes:projectcontour.io/v1:HTTPProxy", {
    metadata,
    spec: {
      virtualhost: { fqdn: "edge.example", authorization: { extensionRef: { name: "auth" }, failOpen } },
    },
  });
const filter = (name: string, ...allowed: unknown[]) =>
  put("filter", "kubernetes:networking.istio.io/v1alpha3:EnvoyFilter", {
    metadata,
    spec: {
      configPatches: allowed.map((failure_mode_allow) => ({
        applyTo: "HTTP_FILTER",
        patch: { operation: "INSERT_BEFORE", value: { name, typed_config: { failure_mode_allow } } },
      })),
    },
  });

describeRule(externalAuthorizationFailOpen, {
  good: {
    "closed, beside tokens": extAuth(false),
    "closed by default": extAuth(undefined),
    "closed in Contour": contour(false),
    "closed in a filter": filter("envoy.filters.http.ext_authz", false),
    "another filter that fails open": filter("envoy.filters.http.ratelimit", true),
  },
  bad: {
    "open, beside tokens": extAuth(true),
    "open in Contour": contour(true),
    "open in a filter": filter("envoy.filters.http.ext_authz", true),
  },
  partial: { "one filter of two": filter("envoy.filters.http.ext_authz", false, true) },
  notJudged: { "a text": extAuth("true"), "a list": contour([]) },
  unknown: { switch: extAuth(UNKNOWN), filter: filter("envoy.filters.http.ext_authz", UNKNOWN) },
});
