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

describeRule(rootVolumeEncryption, {
  good: {
    "an instance": machine({ rootBlockDevice: { encrypted: true } }),
    "a launch template": [],
  },
  bad: {
    "an instance": machine({}),
    "a launch template": remove("launchTemplate", "blockDeviceMappings"),
  },
  partial: {
    "data volumes only": machine({ ebsBlockDevices: [{ deviceName: "b", encrypted: true }] }),
    "an empty list": set("launchTemplate", "blockDeviceMappings", []),
  },
  unknown: { "a launch template": set("launchTemplate", "blockDeviceMappings", UNKNOWN) },
});
