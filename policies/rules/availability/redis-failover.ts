import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const redisFailover = inputRule(
  {
    id: "redis-failover",
    title: "Redis fails over by itself",
    severity: "low",
    description: "Without automatic failover a lost primary waits for someone to promote a replica.",
    remediation: "automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    controls: [
      ...awsControls("elasticache_redis_cluster_automatic_failover_enabled"),
      awsFoundational(
        "ElastiCache.3",
        "ElastiCache for Redis replication groups should have automatic failover enabled",
      ),
    ],
  },
  (fields) =>
    fields.get("automaticFailoverEnabled").isTrue()
      ? undefined
      : "must set `automaticFailoverEnabled: true`.",
);
