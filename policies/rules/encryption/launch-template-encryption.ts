import { eachRule } from "../../model/input-rule";
import { asItsSnapshot, isOn, machineOf } from "../../model/instances";

export const launchTemplateEncryption = eachRule(
  {
    id: "launch-template-encryption",
    title: "Every block device of a launch template is encrypted",
    severity: "high",
    description:
      "Nodes and instances take their disks from the template; one mapping without `encrypted` is one plain disk on each of them.",
    remediation:
      'blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20, encrypted: "true", kmsKeyId: key.arn } }]',
    types: ["aws:ec2/launchTemplate:LaunchTemplate", "kubernetes:karpenter.k8s.aws/*:EC2NodeClass"],
    controls: [],
  },
  (_fields, subject) => machineOf(subject).get("blockDeviceMappings").items(),
  (mapping) => {
    const ebs = mapping.get("ebs");
    // A device without `ebs` is an instance store or left out.
    if (!ebs.exists() || isOn(ebs.get("encrypted"))) return undefined;
    const device = `device \`${mapping.get("deviceName").show()}\``;
    return asItsSnapshot(ebs, device) ?? `must encrypt ${device}.`;
  },
);
