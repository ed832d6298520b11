import { Links } from "./aws-links";
import { CLASSIC_LOAD_BALANCER_TYPE, LOAD_BALANCER_TYPES } from "./load-balancers";
import type { StackView } from "./stack-view";
import type { Subject } from "./subject";

export const BUCKET_TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** A bucket's properties by whose values others name it. */
export const BUCKET_NAMES = ["bucket", "id", "arn"];

/** Who writes logs to a bucket, and the property that says where to. */
const LOG_WRITERS: readonly (readonly [types: readonly string[], property: string])[] = [
  [["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"], "targetBucket"],
  [[...LOAD_BALANCER_TYPES, CLASSIC_LOAD_BALANCER_TYPE], "accessLogs"],
  [["aws:cloudfront/distribution:Distribution"], "loggingConfig"],
  [["aws:cloudtrail/trail:Trail"], "s3BucketName"],
  [["aws:ec2/flowLog:FlowLog"], "logDestination"],
];

/** The buckets that others write their logs to: logging the logs has no end, and nobody overwrites them. */
export function logBuckets(stack: StackView, buckets: readonly Subject[]): ReadonlySet<string> {
  const links = LOG_WRITERS.map(
    ([types, property]) => new Links(buckets, stack.ofTypes(types), property, BUCKET_NAMES),
  );
  return new Set(
    buckets.filter((bucket) => links.some((link) => link.to(bucket).length > 0)).map(({ urn }) => urn),
  );
}
