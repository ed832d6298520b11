import { instanceVolumeEncryption } from "../../../../policies/rules/encryption/instance-volume-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const root = { encrypted: true };
const machine = (props: Record<string, unknown>, type = "aws:ec2/instance:Instance") =>
  put("machine", type, {
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    associatePublicIpAddress: false,
    ...props,
  });

describeRule(instanceVolumeEncryption, {
  good: {
    "every device": machine({
      rootBlockDevice: root,
      ebsBlockDevices: [{ deviceName: "b", encrypted: true }],
    }),
    "a device from a snapshot, encrypted": machine({
      rootBlockDevice: root,
      ebsBlockDevices: [{ deviceName: "b", snapshotId: "snap-1", encrypted: true }],
    }),
  },
  bad: {
    "a plain root volume": machine({ rootBlockDevice: { volumeSize: 20 } }),
    "of a launch configuration": machine(
      { rootBlockDevice: { encrypted: false } },
      "aws:ec2/launchConfiguration:LaunchConfiguration",
    ),
  },
  partial: { "a data volume": machine({ rootBlockDevice: root, ebsBlockDevices: [{ deviceName: "b" }] }) },
  wrongType: { "a word": machine({ rootBlockDevice: { encrypted: "yes" } }) },
  unknown: {
    "a device from a snapshot": machine({
      rootBlockDevice: root,
      ebsBlockDevices: [{ deviceName: "b", snapshotId: "snap-1" }],
    }),
    root: machine({ rootBlockDevice: { encrypted: UNKNOWN } }),
    devices: machine({ rootBlockDevice: root, ebsBlockDevices: UNKNOWN }),
  },
});
