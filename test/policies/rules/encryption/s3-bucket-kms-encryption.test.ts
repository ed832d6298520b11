import { s3BucketKmsEncryption } from "../../../../policies/rules/encryption/s3-bucket-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { drop, set } from "../../support/edits";

const ALGORITHM = "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm";

describeRule(s3BucketKmsEncryption, {
  good: { "two layers": set("bucketEncryption", ALGORITHM, "aws:kms:dsse") },
  bad: {
    "beside the bucket": set("bucketEncryption", ALGORITHM, "AES256"),
    "in the bucket itself": [
      drop("bucketEncryption"),
      set("bucket", "serverSideEncryptionConfiguration", {
        rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      }),
    ],
  },
  partial: {
    "one rule of two": set(
      "bucketEncryption",
      "rules",
      ["aws:kms", "AES256"].map((sseAlgorithm) => ({
        applyServerSideEncryptionByDefault: { sseAlgorithm },
        bucketKeyEnabled: true,
      })),
    ),
  },
  wrongType: {
    "one rule, not a list": set("bucketEncryption", "rules", {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
    }),
  },
  unknown: {
    algorithm: set("bucketEncryption", ALGORITHM, UNKNOWN),
    rules: set("bucketEncryption", "rules", UNKNOWN),
  },
});
