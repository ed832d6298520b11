import { UNKNOWN } from "../../../../policies/testing";
import { rdsIamAuthentication } from "../../../../policies/rules/iam/rds-iam-authentication";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsIamAuthentication, {
  good: {
    Oracle: example("database", { engine: "oracle-ee", iamDatabaseAuthenticationEnabled: undefined }),
    "of whatever engine": example("database", { engine: UNKNOWN }),
  },
  bad: {
    off: example("database", { iamDatabaseAuthenticationEnabled: false }),
    "a cluster": example("databaseCluster", { iamDatabaseAuthenticationEnabled: undefined }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("database", { iamDatabaseAuthenticationEnabled: "true" }) },
  unknown: {
    switch: example("database", { iamDatabaseAuthenticationEnabled: UNKNOWN }),
    engine: example("database", { iamDatabaseAuthenticationEnabled: false, engine: UNKNOWN }),
  },
});
