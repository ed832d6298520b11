import { efsTransitEncryption } from "../../../../policies/rules/encryption/efs-transit-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";
import { awsWorld } from "../../support/aws-world";
import { goodWorld } from "../../support/world";
const task = (efsVolumeConfiguration: Record<string, unknown>) =>
  put("task", "aws:ecs/taskDefinition:TaskDefinition", {
    family: "app",
    networkMode: "awsvpc",
    volumes: [{ name: "models", efsVolumeConfiguration }],
  });
const volume = (volumeAttributes: Record<string, unknown>, driver = "efs.csi.aws.com") =>
  put("volume", "kubernetes:core/v1:PersistentVolume", {
    metadata: { name: "models" },
    spec: { csi: { driver, volumeHandle: "fs-1", volumeAttributes } },
  });

describeRule(efsTransitEncryption, {
  world: () => ({ ...goodWorld(), ...awsWorld() }),
  good: {
    on: task({ fileSystemId: "fs-1", transitEncryption: "ENABLED" }),
    "by the driver's default": volume({}),
    "another driver": volume({ encryptInTransit: "false" }, "nfs.csi.k8s.io"),
  },
  bad: {
    default: task({ fileSystemId: "fs-1" }),
    off: task({ fileSystemId: "fs-1", transitEncryption: "DISABLED" }),
    "a persistent volume": volume({ encryptInTransit: "false" }),
  },
  partial: { "a port without the switch": task({ fileSystemId: "fs-1", transitEncryptionPort: 2999 }) },
  wrongType: { "a switch": task({ fileSystemId: "fs-1", transitEncryption: true }) },
  unknown: {
    switch: task({ fileSystemId: "fs-1", transitEncryption: UNKNOWN }),
    "a persistent volume": volume({ encryptInTransit: UNKNOWN }),
  },
});
