import { UNKNOWN } from "../../../../policies/testing";
import { gatewayAllowedListeners } from "../../../../policies/rules/traffic/gateway-allowed-listeners";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const from = (value: unknown) => set("gateway", "spec.allowedListeners", { namespaces: { from: value } });

describeRule(gatewayAllowedListeners, {
  good: { none: from("None"), same: from("Same"), selected: from("Selector") },
  bad: { all: from("All") },
  partial: { none: "one value says it" },
  notJudged: { list: from(["All"]) },
  unknown: { from: from(UNKNOWN), all: set("gateway", "spec.allowedListeners", UNKNOWN) },
});
