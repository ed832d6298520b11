import { UNKNOWN } from "../../../../policies/testing";
import { s3PolicyDelegation } from "../../../../policies/rules/iam/s3-policy-delegation";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:s3/bucketPolicy:BucketPolicy";
const allow = (AWS: unknown, Action: unknown) =>
  policyDocument({ Effect: "Allow", Principal: { AWS }, Action, Resource: "arn:aws:s3:::other" });

describeRule(s3PolicyDelegation, {
  good: {
    reading: put("policy", TYPE, {
      bucket: "other",
      policy: allow("arn:aws:iam::444455556666:role/reader", ["s3:GetObject", "s3:PutObject"]),
    }),
  },
  bad: {
    policy: put("policy", TYPE, {
      bucket: "other",
      policy: allow("arn:aws:iam::444455556666:root", "s3:PutBucketPolicy"),
    }),
  },
  partial: {
    "by a pattern": put("policy", TYPE, {
      bucket: "other",
      policy: allow("444455556666", ["s3:GetObject", "s3:PutBucket*"]),
    }),
  },
  wrongType: {
    "a number": put("policy", TYPE, { bucket: "other", policy: allow(444455556666, "s3:PutBucketPolicy") }),
  },
  unknown: { policy: put("policy", TYPE, { bucket: "other", policy: UNKNOWN }) },
});
