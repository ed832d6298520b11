import { UNKNOWN } from "../../../../policies/testing";
import { cloudtrailMultiRegion } from "../../../../policies/rules/logging/cloudtrail-multi-region";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(cloudtrailMultiRegion, {
  good: { all: example("trail") },
  bad: {
    one: example("trail", { isMultiRegionTrail: false }),
    unsaid: example("trail", { isMultiRegionTrail: undefined }),
  },
  partial: { "all, but stopped": example("trail", { enableLogging: false }) },
  wrongType: {
    text: example("trail", { isMultiRegionTrail: "true" }),
    "a text that AWS reads as off": example("trail", { enableLogging: "false" }),
  },
  unknown: {
    switch: example("trail", { isMultiRegionTrail: UNKNOWN }),
    "whether it logs": example("trail", { enableLogging: UNKNOWN }),
  },
});
