import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const redisAuthentication = inputRule(
  {
    id: "redis-authentication",
    title: "Redis asks its clients for a login",
    severity: "medium",
    description: "Without users or a token everyone who reaches the port reads and writes everything.",
    remediation: "userGroupIds: [users.id], transitEncryptionEnabled: true",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    controls: [
      awsFoundational(
        "ElastiCache.6",
        "ElastiCache for Redis replication groups before version 6.0 should use Redis AUTH",
      ),
    ],
  },
  (fields) => {
    // A secondary of a global group takes over what the primary asks for.
    if (fields.get("globalReplicationGroupId").exists()) return undefined;
    return fields.get("authToken").exists() || fields.get("userGroupIds").items().length > 0
      ? undefined
      : "must ask for a login: give `userGroupIds` or `authToken`.";
  },
);
