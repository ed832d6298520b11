import { UNKNOWN } from "../../../../policies/testing";
import { rdsBackupRetention } from "../../../../policies/rules/availability/rds-backup-retention";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsBackupRetention, {
  good: {
    "a replica": example("database", { backupRetentionPeriod: 0, replicateSourceDb: "primary" }),
    "a week": example("database", { backupRetentionPeriod: 7 }),
  },
  bad: {
    none: example("database", { backupRetentionPeriod: 0 }),
    unsaid: example("databaseCluster", { backupRetentionPeriod: undefined }),
  },
  partial: {
    "a day": example("graphCluster", { backupRetentionPeriod: 1 }),
    "a replica that becomes a database of its own": example("database", {
      backupRetentionPeriod: 0,
      replicateSourceDb: "",
    }),
  },
  wrongType: { text: example("database", { backupRetentionPeriod: "a week" }) },
  unknown: { days: example("database", { backupRetentionPeriod: UNKNOWN }) },
});
