import { UNKNOWN } from "../../../../policies/testing";
import { gatewayAllowedRoutes } from "../../../../policies/rules/traffic/gateway-allowed-routes";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";
import { listenerSet } from "./listener-set";

const from = (value: unknown, listener = 0) =>
  set("gateway", `spec.listeners.${listener}.allowedRoutes`, { namespaces: { from: value } });

describeRule(gatewayAllowedRoutes, {
  good: { same: from("Same"), selected: from("Selector") },
  bad: {
    all: from("All"),
    "of a set of listeners": listenerSet({
      name: "own",
      allowedRoutes: { namespaces: { from: "All" } },
    }),
  },
  partial: { "the second listener": [from("Same"), from("All", 1)] },
  notJudged: { list: from(["All"]) },
  unknown: { from: from(UNKNOWN) },
});
