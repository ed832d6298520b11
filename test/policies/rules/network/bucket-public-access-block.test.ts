import { UNKNOWN } from "../../../../policies/testing";
import { bucketPublicAccessBlock } from "../../../../policies/rules/network/bucket-public-access-block";
import { describeRule } from "../../support/describe-rule";
import { drop, put, set } from "../../support/edits";

describeRule(bucketPublicAccessBlock, {
  good: {
    "by the bucket's place in the program": [
      set("bucketAccess", "bucket", UNKNOWN),
      (world) => {
        const { bucket, bucketAccess } = world;
        world["bucket"] = { ...bucket!, urn: "urn:models" };
        world["bucketAccess"] = { ...bucketAccess!, dependencies: { bucket: ["urn:models"] } };
      },
    ],
    "one for the account": [
      drop("bucketAccess"),
      put("account", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    ],
  },
  bad: { none: drop("bucketAccess") },
  partial: { "of another bucket": set("bucketAccess", "bucket", "logs") },
  wrongType: { "a list of buckets": set("bucketAccess", "bucket", ["models"]) },
  unknown: { bucket: set("bucketAccess", "bucket", UNKNOWN) },
});
