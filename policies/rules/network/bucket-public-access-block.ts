import { awsControls } from "../../model/aws-controls";
import { BUCKET_NAMES, BUCKET_TYPES } from "../../model/buckets";
import { companionRule } from "../../model/companions";

export const bucketPublicAccessBlock = companionRule(
  {
    id: "bucket-public-access-block",
    title: "Each bucket has its block of public access",
    severity: "medium",
    description:
      "New buckets are blocked by AWS, but nothing keeps them so: only a resource in the stack puts back what is switched off.",
    remediation:
      "new aws.s3.BucketPublicAccessBlock(name, { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true })",
    types: BUCKET_TYPES,
    controls: awsControls("s3_bucket_level_public_access_block"),
  },
  {
    types: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
    property: "bucket",
    names: BUCKET_NAMES,
    // One for the whole account covers them all.
    sparedIn: (stack, buckets) =>
      new Set(
        stack.ofTypes(["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"]).length > 0
          ? buckets.map(({ urn }) => urn)
          : [],
      ),
    missing: "must have a BucketPublicAccessBlock.",
  },
);
