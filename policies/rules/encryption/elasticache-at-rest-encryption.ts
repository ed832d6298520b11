import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";
import { hasText } from "../../model/scalars";

export const elasticacheAtRestEncryption = inputRule(
  {
    id: "elasticache-at-rest-encryption",
    title: "Redis and Valkey are encrypted at rest",
    severity: "high",
    description:
      "Snapshots and swapped pages of a cache hold what it caches; for Redis encryption is off unless set.",
    remediation:
      "new aws.elasticache.ReplicationGroup(name, { atRestEncryptionEnabled: true, transitEncryptionEnabled: true })",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    controls: [
      ...awsControls("elasticache_redis_cluster_rest_encryption_enabled"),
      awsFoundational(
        "ElastiCache.4",
        "ElastiCache for Redis replication groups should be encrypted at rest",
      ),
    ],
  },
  (group) => {
    const enabled = group.get("atRestEncryptionEnabled");
    const byDefault =
      !enabled.exists() &&
      (group.get("engine").string() === "valkey" || hasText(group.get("globalReplicationGroupId")));
    return byDefault || isOn(enabled) ? undefined : "must set `atRestEncryptionEnabled: true`.";
  },
);
