import { awsControls } from "../../model/aws-controls";
import { given } from "../../model/aws-links";
import { BUCKET_NAMES, BUCKET_TYPES, logBuckets } from "../../model/buckets";
import { companionRule } from "../../model/companions";
import { oneOrMany } from "../../model/one-or-many";

export const s3Versioning = companionRule(
  {
    id: "s3-versioning",
    title: "Buckets keep what is overwritten",
    severity: "low",
    description:
      "Without versions an object that is overwritten or deleted, by mistake or by malice, is gone.",
    remediation:
      'new aws.s3.BucketVersioning(name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } })',
    types: BUCKET_TYPES,
    controls: awsControls("s3_bucket_object_versioning"),
  },
  {
    types: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
    property: "bucket",
    names: BUCKET_NAMES,
    accepts: ({ fields }) => fields.get("versioningConfiguration", "status").string() === "Enabled",
    isSpared: (bucket) =>
      [...oneOrMany(given(bucket, "versioning")), ...oneOrMany(given(bucket, "versionings"))].some(
        (versioning) => versioning.get("enabled").isTrue(),
      ),
    sparedIn: logBuckets,
    missing: 'must keep versions: add a BucketVersioning with `status: "Enabled"`.',
  },
);
