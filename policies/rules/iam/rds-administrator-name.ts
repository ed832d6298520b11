import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

const DEFAULTS = ["admin", "postgres", "root", "sa", "administrator", "master"];

export const rdsAdministratorName = inputRule(
  {
    id: "rds-administrator-name",
    title: "Databases' administrators have a name of their own",
    severity: "low",
    description: "`admin` and `postgres` are the names that every attempt begins with.",
    remediation: 'username: "slipway_owner"',
    types: ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"],
    controls: awsControls("rds_instance_default_admin", "rds_cluster_default_admin"),
  },
  (fields, { type }) => {
    const property = type.endsWith(":Cluster") ? "masterUsername" : "username";
    const name = fields.get(property).string() ?? "";
    return DEFAULTS.includes(name.toLowerCase()) ? `must not name its administrator \`${name}\`.` : undefined;
  },
);
