import { awsControls } from "../../model/aws-controls";
import { BUCKET_TYPES } from "../../model/s3-encryption";
import { secureTransportRule } from "../../model/secure-transport";

export const s3BucketSecureTransport = secureTransportRule(
  {
    id: "s3-bucket-secure-transport",
    title: "Buckets deny plain HTTP",
    severity: "high",
    description:
      "S3 answers plain HTTP; only the bucket's policy can refuse it, for the bucket and for its objects.",
    remediation:
      '{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`], Condition: { Bool: { "aws:SecureTransport": "false" } } }',
    types: BUCKET_TYPES,
    controls: awsControls("s3_bucket_secure_transport_policy"),
  },
  {
    policies: ["aws:s3/bucketPolicy:BucketPolicy"],
    property: "bucket",
    names: ["bucket", "id", "arn"],
    coversActions: (actions) => actions.includes("s3:*"),
    coversResources: (resources) =>
      resources.some((resource) => !resource.includes("/")) &&
      resources.some((resource) => /^[^/]*\/?\*$/.test(resource)),
  },
);
