import { s3BucketEncryption } from "../../../../policies/rules/encryption/s3-bucket-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, computed, drop, put, set } from "../../support/edits";

const BESIDE = "aws:s3/bucketServerSideEncryptionConfiguration";
const kms = { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } };

describeRule(s3BucketEncryption, {
  good: {
    "in the bucket itself": [
      drop("bucketEncryption"),
      set("bucket", "serverSideEncryptionConfiguration", { rule: kms }),
    ],
    "in a BucketV2": [
      drop("bucketEncryption"),
      put("bucket", "aws:s3/bucketV2:BucketV2", {
        bucket: "models",
        serverSideEncryptionConfigurations: [
          { rules: [{ applyServerSideEncryptionByDefaults: [{ sseAlgorithm: "aws:kms" }] }] },
        ],
      }),
    ],
    "beside it, in the V2 spelling": put(
      "bucketEncryption",
      `${BESIDE}V2:BucketServerSideEncryptionConfigurationV2`,
      { bucket: "models", rules: [kms] },
    ),
    "beside it, by a reference that a preview does not know": [
      set("bucketEncryption", "bucket", UNKNOWN),
      comesFrom("bucketEncryption", "bucket", "bucket"),
    ],
  },
  bad: {
    nowhere: drop("bucketEncryption"),
    "for another bucket": set("bucketEncryption", "bucket", "other"),
    "filled in by the provider only": [
      drop("bucketEncryption"),
      computed("bucket", "serverSideEncryptionConfiguration"),
    ],
  },
  partial: { "a rule without an algorithm": set("bucketEncryption", "rules", [{ bucketKeyEnabled: true }]) },
  wrongType: {
    "a number": set("bucketEncryption", "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", 1),
  },
  unknown: {
    "which bucket": set("bucketEncryption", "bucket", UNKNOWN),
    rules: set("bucketEncryption", "rules", UNKNOWN),
    "the bucket's own setting": [
      drop("bucketEncryption"),
      set("bucket", "serverSideEncryptionConfiguration", UNKNOWN),
    ],
  },
});
