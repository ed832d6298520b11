import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { asNumber } from "../../model/scalars";

export const redisBackup = inputRule(
  {
    id: "redis-backup",
    title: "Redis is backed up",
    severity: "low",
    description: "Without snapshots a lost node takes its data along.",
    remediation: "snapshotRetentionLimit: 7",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    controls: awsControls("elasticache_redis_cluster_backup_enabled"),
  },
  (fields) =>
    asNumber(fields.get("snapshotRetentionLimit")) >= 1
      ? undefined
      : "must set `snapshotRetentionLimit` to at least 1 (day).",
);
