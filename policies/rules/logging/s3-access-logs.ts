import { awsControls } from "../../model/aws-controls";
import { given } from "../../model/aws-links";
import { BUCKET_NAMES, BUCKET_TYPES, logBuckets } from "../../model/buckets";
import { companionRule } from "../../model/companions";
import { hasText } from "../../model/scalars";

export const s3AccessLogs = companionRule(
  {
    id: "s3-access-logs",
    title: "Buckets log who read and wrote them",
    severity: "low",
    description: "Without server access logs nobody can say which objects were taken.",
    remediation:
      'new aws.s3.BucketLogging(name, { bucket: bucket.id, targetBucket: logs.id, targetPrefix: "models/" })',
    types: BUCKET_TYPES,
    controls: awsControls("s3_bucket_server_access_logging_enabled"),
  },
  {
    types: ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"],
    property: "bucket",
    names: BUCKET_NAMES,
    isSpared: (bucket) =>
      hasText(given(bucket, "logging").get("targetBucket")) || given(bucket, "loggings").items().length > 0,
    sparedIn: logBuckets,
    missing: "must write access logs: add a BucketLogging.",
  },
);
