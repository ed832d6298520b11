import { UNKNOWN } from "../../../../policies/testing";
import { s3AccessLogs } from "../../../../policies/rules/logging/s3-access-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { drop, put, set } from "../../support/edits";

describeRule(s3AccessLogs, {
  good: {
    "a bucket's own": [
      drop("bucketLogs"),
      set("bucket", "logging", { targetBucket: "logs", targetPrefix: "models/" }),
    ],
    "the older type": put("bucketLogs", "aws:s3/bucketLoggingV2:BucketLoggingV2", {
      bucket: "models",
      targetBucket: "logs",
      targetPrefix: "models/",
    }),
    "a bucket for logs": [drop("bucketLogs"), example("trail", { s3BucketName: "models" })],
  },
  bad: { none: drop("bucketLogs") },
  partial: { "of another bucket": set("bucketLogs", "bucket", "other") },
  wrongType: { "a list of buckets": set("bucketLogs", "bucket", ["models"]) },
  unknown: { bucket: set("bucketLogs", "bucket", UNKNOWN) },
});
