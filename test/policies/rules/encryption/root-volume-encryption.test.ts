import { rootVolumeEncryption } from "../../../../policies/rules/encryption/root-volume-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const machine = (props: Record<string, unknown>) =>
  put("machine", "aws:ec2/instance:Instance", {
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    associatePublicIpAddress: false,
    ...props,
  });

const disks = (...names: unknown[]) =>
  set(
    "launchTemplate",
    "blockDeviceMappings",
    names.map((deviceName) => ({ deviceName, ebs: { encrypted: "true" } })),
  );

describeRule(rootVolumeEncryption, {
  good: {
    "an instance": machine({ rootBlockDevice: { encrypted: true } }),
    "a launch template": [],
    "a root of another image": disks("/dev/sdb", "/dev/sda1"),
    "a root beside a disk whose name is not known": disks(UNKNOWN, "/dev/xvda"),
  },
  bad: {
    "an instance": machine({}),
    "a launch template": remove("launchTemplate", "blockDeviceMappings"),
  },
  partial: {
    "data volumes only": machine({ ebsBlockDevices: [{ deviceName: "b", encrypted: true }] }),
    "an empty list": set("launchTemplate", "blockDeviceMappings", []),
  },
  notJudged: { "a text": machine({ rootBlockDevice: "yes" }) },
  unknown: {
    "a launch template": set("launchTemplate", "blockDeviceMappings", UNKNOWN),
    "data volumes of a launch template": disks("/dev/sdb"),
    "a disk's name": disks("/dev/sdb", UNKNOWN),
    "a disk's name is a number": disks(7),
    "a disk's name is an object that is no text": disks({ toString: 1 }),
    "a root name without a disk": set("launchTemplate", "blockDeviceMappings", [{ deviceName: "/dev/xvda" }]),
    "whether the root name has a disk": set("launchTemplate", "blockDeviceMappings.0.ebs", UNKNOWN),
  },
});
