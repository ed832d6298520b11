import { companionRule } from "../../model/companions";

export const efsBackup = companionRule(
  {
    id: "efs-backup",
    title: "File systems are backed up",
    severity: "low",
    description: "Without backups a file that is deleted or encrypted by somebody else is gone.",
    remediation:
      'new aws.efs.BackupPolicy(name, { fileSystemId: files.id, backupPolicy: { status: "ENABLED" } })',
    types: ["aws:efs/fileSystem:FileSystem"],
    controls: [],
  },
  {
    types: ["aws:efs/backupPolicy:BackupPolicy"],
    property: "fileSystemId",
    names: ["id"],
    accepts: ({ fields }) => fields.get("backupPolicy", "status").string() === "ENABLED",
    missing: 'must have a BackupPolicy with `status: "ENABLED"`.',
  },
);
