import { UNKNOWN } from "../../../../policies/testing";
import { machineImagePublic } from "../../../../policies/rules/network/machine-image-public";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const PERMISSION = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";
const BLOCK = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess";

describeRule(machineImagePublic, {
  good: {
    "an account": put("permission", PERMISSION, { imageId: "ami-1", accountId: "111122223333" }),
    blocked: put("block", BLOCK, { state: "block-new-sharing" }),
  },
  bad: {
    everyone: put("permission", PERMISSION, { imageId: "ami-1", group: "all" }),
    unblocked: put("block", BLOCK, { state: "unblocked" }),
  },
  partial: { "a block that says nothing": put("block", BLOCK, {}) },
  wrongType: { "a switch as the state": put("block", BLOCK, { state: true }) },
  unknown: {
    group: put("permission", PERMISSION, { imageId: "ami-1", group: UNKNOWN }),
    state: put("block", BLOCK, { state: UNKNOWN }),
  },
});
