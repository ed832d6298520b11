import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const workspaceVolumeEncryption = inputRule(
  {
    id: "workspace-volume-encryption",
    title: "Volumes of WorkSpaces are encrypted",
    severity: "medium",
    description: "A desktop holds what its user downloads.",
    remediation:
      "rootVolumeEncryptionEnabled: true, userVolumeEncryptionEnabled: true, volumeEncryptionKey: key.arn",
    types: ["aws:workspaces/workspace:Workspace"],
    controls: awsControls("workspaces_volume_encryption_enabled"),
  },
  (workspace) => {
    const plain = ["rootVolumeEncryptionEnabled", "userVolumeEncryptionEnabled"].filter(
      (name) => !isOn(workspace.get(name)),
    );
    return plain.length === 0 ? undefined : `must set ${plain.map((name) => `\`${name}\``).join(" and ")}.`;
  },
);
