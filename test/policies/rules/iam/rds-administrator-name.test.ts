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
  partial: { none: "a name is a default one, or it is not" },
  notJudged: { number: example("database", { username: 7 }) },
  unknown: { name: example("database", { username: UNKNOWN }) },
});
