import { customerManagedKey } from "../../../../policies/rules/encryption/customer-managed-key";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { example } from "../../support/aws-resources";
import { put, remove, set } from "../../support/edits";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/a";

describeRule(customerManagedKey, {
  good: {
    "SQS's own encryption, which is another rule's matter": remove("queue", "kmsMasterKeyId"),
    "an alias of one's own": set("topic", "kmsMasterKeyId", "alias/news"),
    "a copy's disk by its snapshot's key": set("volume", "kmsKeyId", KEY),
    "a replica by its source's key": example("database", {
      kmsKeyId: undefined,
      replicateSourceDb: "primary",
    }),
    "a cluster of a snapshot": example("databaseCluster", {
      kmsKeyId: undefined,
      snapshotIdentifier: "last",
    }),
    "a snapshot's copy by its source's key": put("copy", "aws:rds/snapshotCopy:SnapshotCopy", {
      sourceDbSnapshotIdentifier: "last",
      targetDbSnapshotIdentifier: "kept",
    }),
    "an elastic cluster": put("cluster", "aws:docdb/elasticCluster:ElasticCluster", { kmsKeyId: KEY }),
  },
  bad: {
    "a disk": remove("volume", "kmsKeyId"),
    "a topic": set("topic", "kmsMasterKeyId", "alias/aws/sns"),
    "a database": example("database", { kmsKeyId: undefined }),
    "a cluster of databases": example("databaseCluster", { kmsKeyId: undefined }),
    "a cluster, by an alias of AWS": example("databaseCluster", {
      kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:alias/aws/rds",
    }),
    "a cluster's performance": example("databaseCluster", { performanceInsightsEnabled: true }),
    "a snapshot's copy": put("copy", "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy", {
      sourceDbClusterSnapshotIdentifier: "last",
      targetDbClusterSnapshotIdentifier: "kept",
      kmsKeyId: "alias/aws/rds",
    }),
    "a queue": set("queue", "kmsMasterKeyId", "alias/aws/sqs"),
    "a queue, by an ARN": set(
      "queue",
      "kmsMasterKeyId",
      "arn:aws:kms:eu-central-1:111122223333:alias/aws/sqs",
    ),
  },
  partial: {
    "an empty text": set("volume", "kmsKeyId", ""),
    "a key for the performance only": example("database", {
      kmsKeyId: undefined,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: KEY,
    }),
    "a replica that becomes a database of its own": example("database", {
      kmsKeyId: undefined,
      replicateSourceDb: "",
    }),
  },
  wrongType: {
    "a switch as the key": set("volume", "kmsKeyId", true),
    "a text as the switch": [set("volume", "encrypted", "true"), remove("volume", "kmsKeyId")],
  },
  unknown: {
    key: set("volume", "kmsKeyId", UNKNOWN),
    source: example("database", { kmsKeyId: undefined, replicateSourceDb: UNKNOWN }),
  },
});
