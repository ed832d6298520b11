import { authorizationOpenSources } from "../../../../policies/rules/traffic/authorization-open-sources";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

/** By their addresses alone: the world's policy asks for tokens as well, and a second one stands for the rest of what it does. */
const rules = (...list: unknown[]) =>
  put("byAddress", "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy", {
    metadata: { name: "by-address", namespace: "elsewhere" },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "elsewhere" }],
      authorization: { defaultAction: "Deny", rules: list },
    },
  });
const allow = (clientCIDRs: unknown, more: Record<string, unknown> = {}) => ({
  action: "Allow",
  principal: { clientCIDRs, ...more },
});

describeRule(authorizationOpenSources, {
  good: {
    "an office": rules(allow(["203.0.113.0/24", "2001:db8::/32"])),
    "everyone with a claim": rules(
      allow(["0.0.0.0/0"], { jwt: { provider: "own", claims: [{ name: "team", values: ["a"] }] } }),
    ),
    "everyone, with a token": set("security", "spec.authorization", {
      defaultAction: "Deny",
      rules: [allow(["0.0.0.0/0"])],
    }),
    "everyone, for some calls": rules({ ...allow(["0.0.0.0/0"]), operation: { methods: ["GET"] } }),
    "everyone, by an expression": rules({ ...allow(["0.0.0.0/0"]), cel: "request.path == '/healthz'" }),
    "everyone but some": rules(
      { action: "Deny", principal: { clientCIDRs: ["203.0.113.0/24"] } },
      allow(["0.0.0.0/0"]),
    ),
    "everyone is kept out": rules({ action: "Deny", principal: { clientCIDRs: ["::/0"] } }),
  },
  bad: {
    "everyone beside an office, with a token": set("security", "spec.authorization", {
      defaultAction: "Deny",
      rules: [allow(["203.0.113.0/24", "::/0"])],
    }),
    "everyone beside an office, with a claim": rules(
      allow(["203.0.113.0/24", "0.0.0.0/0"], { jwt: { provider: "own", scopes: ["admin"] } }),
    ),
    "everyone beside an office, for some calls": rules({
      ...allow(["203.0.113.0/24", "0.0.0.0/0"]),
      operation: { methods: ["GET"] },
    }),
    everyone: rules(allow(["0.0.0.0/0"])),
    "everyone by IPv6": rules(allow(["203.0.113.0/24", "::/0"])),
  },
  partial: { "one rule of two": rules(allow(["203.0.113.0/24"]), allow(["0.0.0.0/1", "128.0.0.0/1"])) },
  notJudged: { "a text instead of a list": rules(allow("0.0.0.0/0")) },
  unknown: { ranges: rules(allow(UNKNOWN)), action: rules({ ...allow(["0.0.0.0/0"]), action: UNKNOWN }) },
});
