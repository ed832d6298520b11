import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const s3ObjectOwnership = inputRule(
  {
    id: "s3-object-ownership",
    title: "S3 buckets have ACLs switched off",
    severity: "low",
    description: "While ACLs count, each object has access rules of its own that no policy shows.",
    remediation: 'rule: { objectOwnership: "BucketOwnerEnforced" }',
    types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
    controls: awsControls("s3_bucket_acl_prohibited"),
  },
  (fields) => {
    const ownership = fields.get("rule", "objectOwnership");
    return ownership.value() === "BucketOwnerEnforced"
      ? undefined
      : `must set \`rule.objectOwnership\` to "BucketOwnerEnforced" (given: ${ownership.show()}).`;
  },
);
