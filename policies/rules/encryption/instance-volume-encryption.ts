import { eachRule } from "../../model/input-rule";
import { asItsSnapshot, isOn } from "../../model/instances";
import { oneOrMany } from "../../model/one-or-many";

export const instanceVolumeEncryption = eachRule(
  {
    id: "instance-volume-encryption",
    title: "Every block device of an instance is encrypted",
    severity: "high",
    description:
      "A root or data volume that sets no `encrypted` is plain wherever the account has no default.",
    remediation:
      "rootBlockDevice: { encrypted: true, kmsKeyId: key.arn }, ebsBlockDevices: [{ deviceName, encrypted: true }]",
    types: [
      "aws:ec2/instance:Instance",
      "aws:ec2/launchConfiguration:LaunchConfiguration",
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    ],
    controls: [],
  },
  (instance) => [...oneOrMany(instance.get("rootBlockDevice")), ...instance.get("ebsBlockDevices").items()],
  (device) => {
    if (isOn(device.get("encrypted"))) return undefined;
    return asItsSnapshot(device, `\`${device.path}\``) ?? `must set \`${device.path}.encrypted\` to true.`;
  },
);
