import { isOn } from "../../model/instances";
import type { ResourceRule } from "../../model/rule";

export const efsTransitEncryption: ResourceRule = {
  id: "efs-transit-encryption",
  title: "EFS is mounted with TLS",
  severity: "high",
  description: "NFS carries files in plain text; only the mount can say otherwise.",
  remediation: 'efsVolumeConfiguration: { fileSystemId, transitEncryption: "ENABLED" }',
  types: ["aws:ecs/taskDefinition:TaskDefinition", "kubernetes:core/*:PersistentVolume"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.type.startsWith("kubernetes:")) {
      const csi = subject.fields.get("spec", "csi");
      // The driver uses TLS unless it is told not to.
      const setting = csi.get("volumeAttributes", "encryptInTransit");
      if (csi.get("driver").string() !== "efs.csi.aws.com" || !setting.exists() || isOn(setting)) return;
      verdict.fail(subject, `must not switch \`${setting.path}\` off.`);
      return;
    }
    for (const volume of subject.fields.get("volumes").items()) {
      verdict.judge(subject, () => {
        const efs = volume.get("efsVolumeConfiguration");
        if (!efs.exists() || efs.get("transitEncryption").string() === "ENABLED") return;
        verdict.fail(
          subject,
          `must set \`transitEncryption: "ENABLED"\` for volume \`${volume.get("name").show()}\`.`,
        );
      });
    }
  },
};
