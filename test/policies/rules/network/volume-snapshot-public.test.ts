import { UNKNOWN } from "../../../../policies/testing";
import { volumeSnapshotPublic } from "../../../../policies/rules/network/volume-snapshot-public";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const BLOCK = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess";

describeRule(volumeSnapshotPublic, {
  good: { all: put("block", BLOCK, { state: "block-all-sharing" }) },
  bad: { off: put("block", BLOCK, { state: "unblocked" }) },
  partial: { "new ones only": put("block", BLOCK, { state: "block-new-sharing" }) },
  wrongType: { boolean: put("block", BLOCK, { state: true }) },
  unknown: { state: put("block", BLOCK, { state: UNKNOWN }) },
});
