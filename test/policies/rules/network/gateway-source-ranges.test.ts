import { gatewaySourceRanges } from "../../../../policies/rules/network/gateway-source-ranges";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const ranges = (value: unknown) =>
  set("envoy", "spec.provider.kubernetes.envoyService.loadBalancerSourceRanges", value);

describeRule(gatewaySourceRanges, {
  good: { limited: ranges(["203.0.113.0/24"]), "left to others to say": ranges([]) },
  bad: { everyone: ranges(["0.0.0.0/0"]), "everyone by IPv6": ranges(["::/0"]) },
  partial: { "everyone in two halves": ranges(["203.0.113.0/24", "0.0.0.0/1", "128.0.0.0/1"]) },
  notJudged: { text: ranges("0.0.0.0/0") },
  unknown: { ranges: ranges(UNKNOWN) },
});
