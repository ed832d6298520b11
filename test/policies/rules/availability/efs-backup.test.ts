import { UNKNOWN } from "../../../../policies/testing";
import { efsBackup } from "../../../../policies/rules/availability/efs-backup";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const files = put("files", "aws:efs/fileSystem:FileSystem", {
  id: "fs-1",
  encrypted: true,
  kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/1",
});
const backup = (props: object) =>
  put("backup", "aws:efs/backupPolicy:BackupPolicy", {
    fileSystemId: "fs-1",
    backupPolicy: { status: "ENABLED" },
    ...props,
  });

describeRule(efsBackup, {
  good: { on: [files, backup({})] },
  bad: { none: files, off: [files, backup({ backupPolicy: { status: "DISABLED" } })] },
  partial: { "of others": [files, backup({ fileSystemId: "fs-2" })] },
  wrongType: { boolean: [files, backup({ backupPolicy: { status: true } })] },
  unknown: {
    files: [files, backup({ fileSystemId: UNKNOWN })],
    status: [files, backup({ backupPolicy: UNKNOWN })],
  },
});
