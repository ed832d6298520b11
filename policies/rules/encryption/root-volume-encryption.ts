import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const rootVolumeEncryption = inputRule(
  {
    id: "root-volume-encryption",
    title: "Machines state that their root volume is encrypted",
    severity: "medium",
    description:
      "Where no block device is given, the root volume is encrypted only if the image's snapshot or the account's default says so, which nobody sees here.",
    remediation:
      'blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] // an instance: rootBlockDevice: { encrypted: true }',
    types: [
      "aws:ec2/launchTemplate:LaunchTemplate",
      "aws:ec2/instance:Instance",
      "aws:ec2/launchConfiguration:LaunchConfiguration",
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    ],
    controls: [],
  },
  (machine, { type }) => {
    const property = type.endsWith(":LaunchTemplate") ? "blockDeviceMappings" : "rootBlockDevice";
    return oneOrMany(machine.get(property)).length > 0
      ? undefined
      : `must say in \`${property}\` that its root volume is encrypted.`;
  },
);
