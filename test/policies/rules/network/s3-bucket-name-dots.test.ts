import { s3BucketNameDots } from "../../../../policies/rules/network/s3-bucket-name-dots";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(s3BucketNameDots, {
  good: { "left to the provider": set("bucket", "forceDestroy", false) },
  bad: { dots: set("bucket", "bucketPrefix", "models.shop") },
  partial: { "a dot at the end": set("bucket", "bucketPrefix", "models.") },
  wrongType: { "a number": set("bucket", "bucketPrefix", 1.5) },
  unknown: { name: set("bucket", "bucketPrefix", UNKNOWN) },
});
