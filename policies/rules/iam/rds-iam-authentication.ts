import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

/** Engines that know it; not Oracle, SQL Server and Db2. */
const ENGINES = /postgres|mysql|mariadb/;

export const rdsIamAuthentication = inputRule(
  {
    id: "rds-iam-authentication",
    title: "Databases let roles log in instead of passwords",
    severity: "low",
    description:
      "A token of IAM lives for minutes and belongs to a role; a password lives in a Secret and belongs to whoever has it.",
    remediation: "iamDatabaseAuthenticationEnabled: true",
    types: ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"],
    controls: awsControls(
      "rds_instance_iam_authentication_enabled",
      "rds_cluster_iam_authentication_enabled",
    ),
  },
  (fields) => {
    const enabled = fields.get("iamDatabaseAuthenticationEnabled");
    if (!enabled.isUnknown && enabled.isTrue()) return undefined;
    if (!ENGINES.test(fields.get("engine").string() ?? "")) return undefined;
    return enabled.isTrue() ? undefined : "must set `iamDatabaseAuthenticationEnabled: true`.";
  },
);
