import { UNKNOWN } from "../../../../policies/testing";
import { s3PolicyPublic } from "../../../../policies/rules/iam/s3-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const TYPE = "aws:s3/bucketPolicy:BucketPolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({
    Effect: "Allow",
    Principal,
    Action: "s3:GetObject",
    Resource: "*",
    ...(Condition && { Condition }),
  });

describeRule(s3PolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      bucket: "other",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      bucket: "other",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, { bucket: "other", policy: open("*") }),
    "a bucket's own": set("bucket", "policy", open("*")),
    "an access point's": put("point", "aws:s3/accessPoint:AccessPoint", { policy: open("*") }),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      bucket: "other",
      policy: open({ AWS: ["111122223333", "*"] }),
    }),
  },
  wrongType: {
    "a list of principals": put("policy", TYPE, { bucket: "other", policy: open(["*"]) }),
    "a list of conditions": put("policy", TYPE, { bucket: "other", policy: open("*", ["aws:SourceVpce"]) }),
    "one statement, not a list": put("policy", TYPE, {
      bucket: "other",
      policy: { Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" } },
    }),
  },
  unknown: { policy: put("policy", TYPE, { bucket: "other", policy: UNKNOWN }) },
});
