import { awsControls } from "../../model/aws-controls";
import { Links } from "../../model/aws-links";
import type { StackRule } from "../../model/rule";
import { BUCKET_ENCRYPTION_TYPES, BUCKET_TYPES, defaultAlgorithms } from "../../model/s3-encryption";

export const s3BucketEncryption: StackRule = {
  id: "s3-bucket-encryption",
  title: "Every bucket says how it is encrypted",
  severity: "medium",
  description:
    "S3 encrypts new objects with a key of its own where nothing is said; said in the program, the setting is reviewed, and put back when somebody changes it.",
  remediation:
    'new aws.s3.BucketServerSideEncryptionConfiguration(name, { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }] })',
  types: BUCKET_TYPES,
  controls: awsControls("s3_bucket_default_encryption"),
  scope: "stack",
  check(stack, verdict) {
    const buckets = stack.ofTypes(BUCKET_TYPES);
    const links = new Links(buckets, stack.ofTypes(BUCKET_ENCRYPTION_TYPES), "bucket", [
      "bucket",
      "id",
      "arn",
    ]);
    for (const bucket of buckets) {
      verdict.judge(bucket, () => {
        const algorithms = [bucket, ...links.to(bucket)].flatMap(defaultAlgorithms);
        if (algorithms.length > 0 && algorithms.every((algorithm) => (algorithm.string() ?? "") !== ""))
          return;
        const [open] = links.open;
        if (open)
          verdict.indeterminate(
            bucket,
            `may be meant by \`${open.name}\`, whose \`bucket\` is not known yet.`,
          );
        else verdict.fail(bucket, "must name an algorithm that encrypts it.");
      });
    }
  },
};
