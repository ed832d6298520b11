import { UNKNOWN } from "../../../../policies/testing";
import { s3Versioning } from "../../../../policies/rules/availability/s3-versioning";
import { describeRule } from "../../support/describe-rule";
import { drop, put, set } from "../../support/edits";

describeRule(s3Versioning, {
  good: {
    "a bucket's own": [drop("bucketVersions"), set("bucket", "versioning", { enabled: true })],
    "the older type": [
      drop("bucketVersions"),
      put("versions", "aws:s3/bucketVersioningV2:BucketVersioningV2", {
        bucket: "models",
        versioningConfiguration: { status: "Enabled" },
      }),
    ],
  },
  bad: {
    none: drop("bucketVersions"),
    suspended: set("bucketVersions", "versioningConfiguration.status", "Suspended"),
  },
  partial: { "of another bucket": set("bucketVersions", "bucket", "other") },
  wrongType: { boolean: set("bucketVersions", "versioningConfiguration.status", true) },
  unknown: {
    bucket: set("bucketVersions", "bucket", UNKNOWN),
    status: set("bucketVersions", "versioningConfiguration", UNKNOWN),
  },
});
