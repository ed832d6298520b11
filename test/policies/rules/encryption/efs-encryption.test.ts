import { efsEncryption } from "../../../../policies/rules/encryption/efs-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const system = (more: Record<string, unknown>) => [
  put("system", "aws:efs/fileSystem:FileSystem", { id: "fs-1", ...more }),
  put("backup", "aws:efs/backupPolicy:BackupPolicy", {
    fileSystemId: "fs-1",
    backupPolicy: { status: "ENABLED" },
  }),
];

describeRule(efsEncryption, {
  good: { on: system({ encrypted: true }) },
  bad: { default: system({}), off: system({ encrypted: false }) },
  partial: { "a key without the switch": system({ kmsKeyId: "key" }) },
  wrongType: { "a word": system({ encrypted: "yes" }) },
  unknown: { switch: system({ encrypted: UNKNOWN }) },
});
