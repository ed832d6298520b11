import { UNKNOWN } from "../../../../policies/testing";
import { databaseSnapshotPublic } from "../../../../policies/rules/network/database-snapshot-public";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const SNAPSHOT = "aws:rds/snapshot:Snapshot";

describeRule(databaseSnapshotPublic, {
  good: {
    "an account": put("snapshot", SNAPSHOT, { sharedAccounts: ["111122223333"] }),
    unshared: put("snapshot", SNAPSHOT, {}),
  },
  bad: { everyone: put("snapshot", SNAPSHOT, { sharedAccounts: ["all"] }) },
  partial: { "everyone among them": put("snapshot", SNAPSHOT, { sharedAccounts: [UNKNOWN, "all"] }) },
  wrongType: { "a text instead of a list": put("snapshot", SNAPSHOT, { sharedAccounts: "all" }) },
  unknown: {
    accounts: put("snapshot", SNAPSHOT, { sharedAccounts: UNKNOWN }),
    "one of them": put("snapshot", SNAPSHOT, { sharedAccounts: [UNKNOWN] }),
  },
});
