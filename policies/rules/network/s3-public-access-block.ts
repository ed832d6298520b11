import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

const SETTINGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const s3PublicAccessBlock = inputRule(
  {
    id: "s3-public-access-block",
    title: "S3's block of public access is on in all four parts",
    severity: "high",
    description:
      "Each part left out (they are off unless given) leaves a way to make objects public by an ACL or a policy.",
    remediation:
      "new aws.s3.BucketPublicAccessBlock(name, { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true })",
    types: [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
      "aws:s3/accessPoint:AccessPoint",
    ],
    controls: awsControls("s3_bucket_level_public_access_block", "s3_account_level_public_access_blocks"),
  },
  (fields, { type }) => {
    const isAccessPoint = type.endsWith(":AccessPoint");
    const block = isAccessPoint ? fields.get("publicAccessBlockConfiguration") : fields;
    // An access point blocks unless it is told not to; the other two do nothing unless told to.
    const isOn = (name: string): boolean => {
      const setting = block.get(name);
      return setting.isTrue() || (isAccessPoint && !setting.exists());
    };
    const off = SETTINGS.filter((name) => !isOn(name));
    return off.length === 0 ? undefined : `must set ${off.map((name) => `\`${name}\``).join(", ")} to true.`;
  },
);
