import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const ebsVolumeEncryption = inputRule(
  {
    id: "ebs-volume-encryption",
    title: "EBS volumes are encrypted",
    severity: "high",
    description:
      "A volume that is not encrypted stays readable on the disks and in every snapshot that is made of it.",
    remediation: "new aws.ebs.Volume(name, { availabilityZone, size, encrypted: true, kmsKeyId: key.arn })",
    types: ["aws:ebs/volume:Volume"],
    controls: awsControls("ec2_ebs_volume_encryption"),
  },
  (volume) => (isOn(volume.get("encrypted")) ? undefined : "must set `encrypted: true`."),
);
