import { UNKNOWN } from "../../../../policies/testing";
import { autoscalingZones } from "../../../../policies/rules/availability/autoscaling-zones";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:autoscaling/group:Group";

describeRule(autoscalingZones, {
  good: { two: put("group", TYPE, { vpcZoneIdentifiers: ["subnet-1", "subnet-2"] }) },
  bad: {
    one: put("group", TYPE, { vpcZoneIdentifiers: ["subnet-1"] }),
    unsaid: put("group", TYPE, { maxSize: 2 }),
  },
  partial: {
    "one by each name": put("group", TYPE, {
      vpcZoneIdentifiers: ["subnet-1"],
      availabilityZones: ["eu-central-1a"],
    }),
  },
  wrongType: { text: put("group", TYPE, { vpcZoneIdentifiers: "subnet-1,subnet-2" }) },
  unknown: { subnets: put("group", TYPE, { vpcZoneIdentifiers: UNKNOWN }) },
});
