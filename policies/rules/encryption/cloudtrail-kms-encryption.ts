import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const cloudtrailKmsEncryption = inputRule(
  {
    id: "cloudtrail-kms-encryption",
    title: "Trails are encrypted with a KMS key",
    severity: "medium",
    description:
      "The trail says who did what: with a KMS key, reading it takes more than access to the bucket.",
    remediation: "kmsKeyId: key.arn",
    types: ["aws:cloudtrail/trail:Trail"],
    controls: awsControls("cloudtrail_kms_encryption_enabled"),
  },
  (trail) => ((trail.get("kmsKeyId").string() ?? "") === "" ? "must set `kmsKeyId`." : undefined),
);
