import { workspaceVolumeEncryption } from "../../../../policies/rules/encryption/workspace-volume-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const workspace = (more: Record<string, unknown>) =>
  put("workspace", "aws:workspaces/workspace:Workspace", { ...more });

describeRule(workspaceVolumeEncryption, {
  good: { both: workspace({ rootVolumeEncryptionEnabled: true, userVolumeEncryptionEnabled: true }) },
  bad: { none: workspace({}) },
  partial: { "the root only": workspace({ rootVolumeEncryptionEnabled: true }) },
  wrongType: {
    "a word": workspace({ rootVolumeEncryptionEnabled: "yes", userVolumeEncryptionEnabled: true }),
  },
  unknown: { switch: workspace({ rootVolumeEncryptionEnabled: UNKNOWN }) },
});
