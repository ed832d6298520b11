import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { asNumber, hasText } from "../../model/scalars";

/** Days that AWS' RDS.11 asks for. */
const MINIMUM_DAYS = 7;

export const rdsBackupRetention = inputRule(
  {
    id: "rds-backup-retention",
    title: "Databases keep automated backups for at least seven days",
    severity: "medium",
    description: "A mistake is often found days later; what was not kept cannot be restored.",
    remediation: "backupRetentionPeriod: 14",
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:docdb/cluster:Cluster",
      "aws:neptune/cluster:Cluster",
    ],
    controls: awsControls("rds_instance_backup_enabled"),
  },
  (fields) => {
    // A replica is backed up where it comes from; an empty source makes one a database of its own.
    if (["replicateSourceDb", "replicationSourceIdentifier"].some((source) => hasText(fields.get(source))))
      return undefined;
    const days = fields.get("backupRetentionPeriod");
    return asNumber(days) >= MINIMUM_DAYS
      ? undefined
      : `must set \`backupRetentionPeriod\` to at least ${MINIMUM_DAYS} days (given: ${days.show()}).`;
  },
);
