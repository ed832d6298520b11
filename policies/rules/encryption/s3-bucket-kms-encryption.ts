import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { BUCKET_ENCRYPTION_TYPES, BUCKET_TYPES, defaultAlgorithms } from "../../model/s3-encryption";

export const s3BucketKmsEncryption = inputRule(
  {
    id: "s3-bucket-kms-encryption",
    title: "Buckets are encrypted with a KMS key",
    severity: "medium",
    description:
      "Under SSE-S3 (AES256) whoever may read an object may read it in plain; with a KMS key that takes a second permission, which is logged and can be revoked.",
    remediation:
      'rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }, bucketKeyEnabled: true }]',
    types: [...BUCKET_TYPES, ...BUCKET_ENCRYPTION_TYPES],
    controls: awsControls("s3_bucket_kms_encryption"),
  },
  (_fields, subject) => {
    const weak = defaultAlgorithms(subject).some((algorithm) => algorithm.string() === "AES256");
    return weak ? 'must use the algorithm "aws:kms", not "AES256".' : undefined;
  },
);
