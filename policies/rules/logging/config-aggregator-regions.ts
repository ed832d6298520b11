import { inputRule } from "../../model/input-rule";

export const configAggregatorRegions = inputRule(
  {
    id: "config-aggregator-regions",
    title: "Aggregators of AWS Config see every region",
    severity: "low",
    description:
      "What runs in a region that nobody looks at is not judged by any of the rules of AWS Config.",
    remediation: "accountAggregationSource: { accountIds, allRegions: true }",
    types: ["aws:cfg/configurationAggregator:ConfigurationAggregator"],
    controls: [],
  },
  (fields) => {
    const sources = ["accountAggregationSource", "organizationAggregationSource"]
      .map((name) => fields.get(name))
      .filter((source) => source.exists());
    return sources.every((source) => source.get("allRegions").isTrue())
      ? undefined
      : "must set `allRegions: true` in its source.";
  },
);
