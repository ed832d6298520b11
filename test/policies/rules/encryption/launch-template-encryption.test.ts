import { launchTemplateEncryption } from "../../../../policies/rules/encryption/launch-template-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";
import { awsWorld } from "../../support/aws-world";
const nodeClass = (spec: Record<string, unknown>) =>
  put("nodeClass", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", {
    metadata: { name: "gpu" },
    spec: {
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      associatePublicIPAddress: false,
      ...spec,
    },
  });

describeRule(launchTemplateEncryption, {
  good: {
    "an instance store": set("launchTemplate", "blockDeviceMappings.1", {
      deviceName: "/dev/sdc",
      virtualName: "ephemeral0",
    }),
    "a volume from a snapshot, encrypted": set("launchTemplate", "blockDeviceMappings.1", {
      deviceName: "/dev/sdc",
      ebs: { snapshotId: "snap-1", encrypted: "true" },
    }),
    "Karpenter's own choice": nodeClass({}),
    "a class of nodes": nodeClass({
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: true } }],
    }),
  },
  bad: {
    "no device": set("launchTemplate", "blockDeviceMappings", [
      { deviceName: "/dev/xvda", ebs: { volumeSize: 20 } },
    ]),
    "a class of nodes": nodeClass({
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: "20Gi" } }],
    }),
  },
  partial: {
    "the second device": set("launchTemplate", "blockDeviceMappings.1.ebs", { volumeSize: 80 }),
    "switched off": set("launchTemplate", "blockDeviceMappings.0.ebs.encrypted", "false"),
  },
  wrongType: { "a number": set("launchTemplate", "blockDeviceMappings.0.ebs.encrypted", 1) },
  unknown: {
    "a volume from a snapshot": set("launchTemplate", "blockDeviceMappings.1", {
      deviceName: "/dev/sdc",
      ebs: { snapshotId: "snap-1" },
    }),
    "a snapshot that is not known yet": set("launchTemplate", "blockDeviceMappings.1.ebs", {
      snapshotId: UNKNOWN,
    }),
    "a class of nodes from a snapshot": nodeClass({
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { snapshotID: "snap-1" } }],
    }),
    list: set("launchTemplate", "blockDeviceMappings", UNKNOWN),
    switch: set("launchTemplate", "blockDeviceMappings.0.ebs.encrypted", UNKNOWN),
  },
  world: awsWorld,
});
