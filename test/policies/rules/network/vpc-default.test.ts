import { UNKNOWN } from "../../../../policies/testing";
import { vpcDefault } from "../../../../policies/rules/network/vpc-default";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:ec2/defaultVpc:DefaultVpc";

describeRule(vpcDefault, {
  good: { "adopted to be deleted": put("vpc", TYPE, { forceDestroy: true }) },
  bad: { used: put("vpc", TYPE, {}) },
  unknown: { deletion: put("vpc", TYPE, { forceDestroy: UNKNOWN }) },
});
