import { UNKNOWN } from "../../../../policies/testing";
import { rdsFinalSnapshot } from "../../../../policies/rules/availability/rds-final-snapshot";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsFinalSnapshot, {
  good: { unsaid: example("database", { skipFinalSnapshot: undefined }) },
  bad: {
    skipped: example("database", { skipFinalSnapshot: true }),
    "of a warehouse": example("warehouse", { skipFinalSnapshot: true }),
  },
  partial: {
    "a name for what is not made": example("database", {
      skipFinalSnapshot: true,
      finalSnapshotIdentifier: "last",
    }),
  },
  wrongType: { text: example("database", { skipFinalSnapshot: "false" }) },
  unknown: { switch: example("databaseCluster", { skipFinalSnapshot: UNKNOWN }) },
});
