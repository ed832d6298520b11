import { UNKNOWN } from "../../../../policies/testing";
import { vpcDefault } from "../../../../policies/rules/network/vpc-default";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:ec2/defaultVpc:DefaultVpc";

describeRule(vpcDefault, {
  good: { "adopted to be deleted": put("vpc", TYPE, { forceDestroy: true }) },
  bad: { used: put("vpc", TYPE, {}) },
  partial: { none: "the default VPC is used, or it is not" },
  wrongType: { "a text as the switch": put("vpc", TYPE, { forceDestroy: "true" }) },
  unknown: { deletion: put("vpc", TYPE, { forceDestroy: UNKNOWN }) },
});
