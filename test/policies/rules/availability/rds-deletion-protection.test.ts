import { UNKNOWN } from "../../../../policies/testing";
import { rdsDeletionProtection } from "../../../../policies/rules/availability/rds-deletion-protection";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsDeletionProtection, {
  good: { on: example("database") },
  bad: {
    off: example("database", { deletionProtection: false }),
    unsaid: example("database", { deletionProtection: undefined }),
    "a cluster": example("databaseCluster", { deletionProtection: undefined }),
    "a document cluster": example("documentCluster", { deletionProtection: false }),
    "a graph cluster": example("graphCluster", { deletionProtection: false }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("database", { deletionProtection: "true" }) },
  unknown: { switch: example("database", { deletionProtection: UNKNOWN }) },
});
