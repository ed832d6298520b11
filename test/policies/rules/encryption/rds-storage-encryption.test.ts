import { rdsStorageEncryption } from "../../../../policies/rules/encryption/rds-storage-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const safe = {
  deletionProtection: true,
  backupRetentionPeriod: 14,
  publiclyAccessible: false,
  multiAz: true,
  iamDatabaseAuthenticationEnabled: true,
  manageMasterUserPassword: true,
  autoMinorVersionUpgrade: true,
  copyTagsToSnapshot: true,
  enabledCloudwatchLogsExports: ["postgresql"],
  enableCloudwatchLogsExports: ["audit"],
  kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/a",
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",

  monitoringInterval: 60,
  engine: "postgres",
};
const database = (props: Record<string, unknown>, type = "aws:rds/instance:Instance") =>
  put("database", type, { ...safe, ...props });

describeRule(rdsStorageEncryption, {
  good: {
    "an instance": database({ storageEncrypted: true }),
    "a cluster": database({ storageEncrypted: true }, "aws:rds/cluster:Cluster"),
    "a replica, which takes it from its source": database({ replicateSourceDb: "primary" }),
    "a copy of a snapshot": database({ snapshotIdentifier: "snapshot" }, "aws:neptune/cluster:Cluster"),
  },
  bad: {
    "an instance": database({}),
    "a cluster": database({ storageEncrypted: false }, "aws:rds/cluster:Cluster"),
    "of DocumentDB": database({}, "aws:docdb/cluster:Cluster"),
    "of Neptune": database({}, "aws:neptune/cluster:Cluster"),
    "a global cluster": database({}, "aws:rds/globalCluster:GlobalCluster"),
  },
  partial: {
    "a key without the switch": database({ kmsKeyId: "key" }),
    "a replica that becomes a database of its own": database({ replicateSourceDb: "" }),
    "a copy that says otherwise": database({ snapshotIdentifier: "s", storageEncrypted: false }),
  },
  wrongType: { "a word": database({ storageEncrypted: "yes" }) },
  unknown: {
    switch: database({ storageEncrypted: UNKNOWN }),
    source: database({ replicateSourceDb: UNKNOWN }),
  },
});
