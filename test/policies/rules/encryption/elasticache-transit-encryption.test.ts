import { elasticacheTransitEncryption } from "../../../../policies/rules/encryption/elasticache-transit-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cache = (props: Record<string, unknown>, type = "aws:elasticache/replicationGroup:ReplicationGroup") =>
  put("cache", type, {
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    snapshotRetentionLimit: 7,
    userGroupIds: ["app"],
    engine: "redis",
    atRestEncryptionEnabled: true,
    ...props,
  });

describeRule(elasticacheTransitEncryption, {
  good: {
    on: cache({ transitEncryptionEnabled: true }),
    required: cache({ transitEncryptionEnabled: true, transitEncryptionMode: "required" }),
    "a member of a group": cache({ replicationGroupId: "group" }, "aws:elasticache/cluster:Cluster"),
    "a secondary of a global group": cache({ globalReplicationGroupId: "worldwide" }),
    memcached: cache(
      { engine: "memcached", transitEncryptionEnabled: true },
      "aws:elasticache/cluster:Cluster",
    ),
  },
  bad: {
    default: cache({}),
    off: cache({ transitEncryptionEnabled: false }),
    "off, in a group that says its name": cache({ replicationGroupId: "sessions" }),
    memcached: cache({ engine: "memcached" }, "aws:elasticache/cluster:Cluster"),
  },
  partial: { "as a choice": cache({ transitEncryptionEnabled: true, transitEncryptionMode: "preferred" }) },
  wrongType: { "a word": cache({ transitEncryptionEnabled: "yes" }) },
  unknown: {
    switch: cache({ transitEncryptionEnabled: UNKNOWN }),
    mode: cache({ transitEncryptionEnabled: true, transitEncryptionMode: UNKNOWN }),
  },
});
