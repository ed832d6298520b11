import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const elasticacheTransitEncryption = inputRule(
  {
    id: "elasticache-transit-encryption",
    title: "Caches are reached by TLS only",
    severity: "high",
    description:
      "Without it the password of a cache and all that it holds cross the network in plain text; with mode `preferred` clients may still leave it out.",
    remediation:
      'new aws.elasticache.ReplicationGroup(name, { transitEncryptionEnabled: true, transitEncryptionMode: "required" })',
    types: ["aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster"],
    controls: [
      ...awsControls("elasticache_redis_cluster_in_transit_encryption_enabled"),
      awsFoundational(
        "ElastiCache.5",
        "ElastiCache for Redis replication groups should be encrypted in transit",
      ),
    ],
  },
  (cache, { type }) => {
    // A member takes this from its group, as a secondary group does from the global one; of a group `replicationGroupId` is its own name.
    const owner = type.endsWith(":Cluster") ? "replicationGroupId" : "globalReplicationGroupId";
    const inherits = cache.get(owner).exists();
    if (!isOn(cache.get("transitEncryptionEnabled")))
      return inherits ? undefined : "must set `transitEncryptionEnabled: true`.";
    return cache.get("transitEncryptionMode").string() === "preferred"
      ? 'must set `transitEncryptionMode: "required"`.'
      : undefined;
  },
);
