import { awsControls } from "../../model/aws-controls";
import { publicPolicyRule } from "../../model/resource-policies";

export const s3PolicyPublic = publicPolicyRule({
  id: "s3-policy-public",
  title: "Bucket policies let in nobody unnamed",
  severity: "critical",
  description: "A statement for `*` without a condition on the caller makes the bucket public.",
  remediation:
    'Principal: { AWS: [role.arn] }, or Principal: "*" with Condition: { StringEquals: { "aws:PrincipalOrgID": "o-…" } }',
  types: [
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/accessPoint:AccessPoint",
    "aws:s3control/accessPointPolicy:AccessPointPolicy",
    "aws:s3control/bucketPolicy:BucketPolicy",
  ],
  controls: awsControls("s3_bucket_policy_public_write_access"),
});
