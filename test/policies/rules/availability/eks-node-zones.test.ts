import { UNKNOWN } from "../../../../policies/testing";
import { eksNodeZones } from "../../../../policies/rules/availability/eks-node-zones";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:eks/nodeGroup:NodeGroup";

describeRule(eksNodeZones, {
  good: {
    two: put("nodes", TYPE, { subnetIds: ["subnet-1", "subnet-2"] }),
    "one of a block of capacity": put("nodes", TYPE, {
      subnetIds: ["subnet-1"],
      capacityType: "CAPACITY_BLOCK",
    }),
  },
  bad: { one: put("nodes", TYPE, { subnetIds: ["subnet-1"] }) },
  partial: { none: "subnets are one, or more" },
  wrongType: { "a text instead of a list": put("nodes", TYPE, { subnetIds: "subnet-1" }) },
  unknown: { subnets: put("nodes", TYPE, { subnetIds: UNKNOWN }) },
});
