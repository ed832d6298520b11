import { UNKNOWN } from "../../../../policies/testing";
import { s3PublicAccessBlock } from "../../../../policies/rules/network/s3-public-access-block";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const all = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

describeRule(s3PublicAccessBlock, {
  good: {
    bucket: put("block", BLOCK, { bucket: "models", ...all }),
    account: put("block", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", all),
    "an access point, as AWS makes it": put("point", "aws:s3/accessPoint:AccessPoint", { bucket: "models" }),
  },
  bad: {
    "nothing on": put("block", BLOCK, { bucket: "models" }),
    account: put("block", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", {
      ...all,
      blockPublicPolicy: false,
    }),
    "an access point": put("point", "aws:s3/accessPoint:AccessPoint", {
      publicAccessBlockConfiguration: { blockPublicPolicy: false },
    }),
  },
  partial: {
    "two of four": put("block", BLOCK, { bucket: "models", blockPublicAcls: true, ignorePublicAcls: true }),
  },
  wrongType: { texts: put("block", BLOCK, { bucket: "models", ...all, restrictPublicBuckets: "true" }) },
  unknown: { "one of them": put("block", BLOCK, { bucket: "models", ...all, blockPublicPolicy: UNKNOWN }) },
});
