import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const ebsEncryptionByDefault = inputRule(
  {
    id: "ebs-encryption-by-default",
    title: "EBS encryption by default is not switched off",
    severity: "high",
    description: "The account-wide default is what encrypts the volumes that nobody thought of.",
    remediation: "new aws.ebs.EncryptionByDefault(name, { enabled: true })",
    types: ["aws:ebs/encryptionByDefault:EncryptionByDefault"],
    controls: awsControls("ec2_ebs_default_encryption"),
  },
  (setting) => {
    const enabled = setting.get("enabled");
    return !enabled.exists() || isOn(enabled) ? undefined : "must not switch encryption by default off.";
  },
);
