import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const efsEncryption = inputRule(
  {
    id: "efs-encryption",
    title: "EFS file systems are encrypted",
    severity: "high",
    description:
      "Encryption of a file system can only be set when it is made; models and data on it are plain for good otherwise.",
    remediation: "new aws.efs.FileSystem(name, { encrypted: true, kmsKeyId: key.arn })",
    types: ["aws:efs/fileSystem:FileSystem"],
    controls: awsControls("efs_encryption_at_rest_enabled"),
  },
  (system) => (isOn(system.get("encrypted")) ? undefined : "must set `encrypted: true`."),
);
