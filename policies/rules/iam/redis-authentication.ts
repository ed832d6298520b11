import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

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
    if (hasText(fields.get("globalReplicationGroupId"))) return undefined;
    return hasText(fields.get("authToken")) || fields.get("userGroupIds").items().length > 0
      ? undefined
      : "must ask for a login: give `userGroupIds` or `authToken`.";
  },
);
