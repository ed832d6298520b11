import { UNKNOWN } from "../../../../policies/testing";
import { gatewayAllowedRoutes } from "../../../../policies/rules/traffic/gateway-allowed-routes";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const from = (value: unknown, listener = 0) =>
  set("gateway", `spec.listeners.${listener}.allowedRoutes`, { namespaces: { from: value } });

describeRule(gatewayAllowedRoutes, {
  good: { same: from("Same"), selected: from("Selector") },
  bad: {
    all: from("All"),
    "of a set of listeners": put("set", "kubernetes:gateway.networking.k8s.io/v1:ListenerSet", {
      metadata: { name: "set", namespace: "team" },
      spec: {
        parentRef: { name: "gateway" },
        listeners: [
          {
            name: "own",
            port: 8443,
            protocol: "HTTPS",
            tls: { certificateRefs: [{ name: "tls" }] },
            allowedRoutes: { namespaces: { from: "All" } },
          },
        ],
      },
    }),
  },
  partial: { "the second listener": [from("Same"), from("All", 1)] },
  notJudged: { list: from(["All"]) },
  unknown: { from: from(UNKNOWN) },
});
