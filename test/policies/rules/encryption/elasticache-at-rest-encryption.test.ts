import { elasticacheAtRestEncryption } from "../../../../policies/rules/encryption/elasticache-at-rest-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cache = (more: Record<string, unknown>) =>
  put("cache", "aws:elasticache/replicationGroup:ReplicationGroup", {
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    snapshotRetentionLimit: 7,
    userGroupIds: ["app"],
    engine: "redis",
    transitEncryptionEnabled: true,
    ...more,
  });

describeRule(elasticacheAtRestEncryption, {
  good: {
    on: cache({ atRestEncryptionEnabled: true }),
    "Valkey by default": cache({ engine: "valkey" }),
    "a replica of a global group": cache({ globalReplicationGroupId: "global" }),
  },
  bad: { default: cache({}), off: cache({ atRestEncryptionEnabled: false }) },
  partial: {
    "a key without the switch": cache({ kmsKeyId: "key" }),
    "an empty global group": cache({ globalReplicationGroupId: "" }),
  },
  wrongType: { "a word": cache({ atRestEncryptionEnabled: "yes" }) },
  unknown: { switch: cache({ atRestEncryptionEnabled: UNKNOWN }), engine: cache({ engine: UNKNOWN }) },
});
