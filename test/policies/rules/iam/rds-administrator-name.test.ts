import { UNKNOWN } from "../../../../policies/testing";
import { rdsAdministratorName } from "../../../../policies/rules/iam/rds-administrator-name";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsAdministratorName, {
  good: { "left to AWS": example("database", { username: undefined }) },
  bad: {
    database: example("database", { username: "postgres" }),
    cluster: example("databaseCluster", { masterUsername: "Admin" }),
  },
  unknown: { name: example("database", { username: UNKNOWN }) },
});
