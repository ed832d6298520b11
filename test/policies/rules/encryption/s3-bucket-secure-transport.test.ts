import { s3BucketSecureTransport } from "../../../../policies/rules/encryption/s3-bucket-secure-transport";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, computed, drop, put, set } from "../../support/edits";
import { denyPlainHttp, policyDocument } from "../../support/aws-world";
const deny = denyPlainHttp("s3:*", "arn:aws:s3:::models", "arn:aws:s3:::models/*");
const policy = (statement: Record<string, unknown>) =>
  set("bucketPolicy", "policy", policyDocument(statement));

describeRule(s3BucketSecureTransport, {
  good: {
    "in the bucket itself": [drop("bucketPolicy"), set("bucket", "policy", policyDocument(deny))],
    "as an object": set("bucketPolicy", "policy", { Statement: [deny] }),
    "one statement without a list": set("bucketPolicy", "policy", {
      Statement: {
        ...deny,
        Principal: { AWS: ["*"] },
        Condition: { Bool: { "AWS:SecureTransport": [false] } },
      },
    }),
    "by one wildcard": policy({ ...deny, Resource: "arn:aws:s3:::models*" }),
    "by a reference that a preview does not know": [
      set("bucketPolicy", "bucket", UNKNOWN),
      comesFrom("bucketPolicy", "bucket", "bucket"),
    ],
    "by one of several policies": put("second", "aws:s3/bucketPolicy:BucketPolicy", {
      bucket: "models",
      policy: policyDocument(),
    }),
  },
  bad: {
    "no policy": drop("bucketPolicy"),
    "a policy of another bucket": set("bucketPolicy", "bucket", "other"),
    "a policy about something else": policy({
      ...deny,
      Effect: "Allow",
      Action: "s3:GetObject",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Condition: {},
    }),
    "no policy, and what the provider fills in": [drop("bucketPolicy"), computed("bucket", "policy")],
  },
  partial: {
    "reading only": policy({ ...deny, Action: "s3:GetObject" }),
    "the objects only": policy({ ...deny, Resource: "arn:aws:s3:::models/*" }),
    "the bucket only": policy({ ...deny, Resource: "arn:aws:s3:::models" }),
    "one folder": policy({ ...deny, Resource: ["arn:aws:s3:::models", "arn:aws:s3:::models/a/*"] }),
    "for one caller": policy({ ...deny, Principal: { AWS: "arn:aws:iam::111122223333:role/app" } }),
    "from one network": policy({
      ...deny,
      Condition: { ...(deny["Condition"] as object), IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
    }),
    "the wrong way round": policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  },
  wrongType: {
    "a policy that is no JSON": set("bucketPolicy", "policy", "{"),
    "a number": set("bucketPolicy", "policy", 1),
  },
  unknown: {
    "which bucket": set("bucketPolicy", "bucket", UNKNOWN),
    "the policy": set("bucketPolicy", "policy", UNKNOWN),
    "the principal": set("bucketPolicy", "policy", { Statement: [{ ...deny, Principal: UNKNOWN }] }),
  },
});
