import { configAggregatorRegions } from "../../../../policies/rules/logging/config-aggregator-regions";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const aggregator = (source: Record<string, unknown>, kind = "accountAggregationSource") =>
  put("aggregator", "aws:cfg/configurationAggregator:ConfigurationAggregator", {
    name: "all",
    [kind]: source,
  });

describeRule(configAggregatorRegions, {
  good: { all: aggregator({ accountIds: ["111122223333"], allRegions: true }) },
  bad: {
    "one region": aggregator({ accountIds: ["111122223333"], regions: ["eu-central-1"] }),
    "of an organization": aggregator(
      { allRegions: false, roleArn: "arn:aws:iam::111122223333:role/a" },
      "organizationAggregationSource",
    ),
  },
  partial: {
    "new regions beside some": aggregator({
      accountIds: ["111122223333"],
      regions: ["eu-central-1"],
      allRegions: false,
    }),
  },
  wrongType: { "a text": aggregator({ allRegions: "true" }) },
  unknown: { it: aggregator({ allRegions: UNKNOWN }) },
});
