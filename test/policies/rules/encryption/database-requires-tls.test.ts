import { databaseRequiresTls } from "../../../../policies/rules/encryption/database-requires-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const CLUSTER = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const REDSHIFT = "aws:redshift/parameterGroup:ParameterGroup";
const on = (name: string) => ({ name, value: "1" });
const group = (family: string, parameters: unknown[], type = "aws:rds/parameterGroup:ParameterGroup") =>
  put("group", type, { family, parameters });

describeRule(databaseRequiresTls, {
  good: {
    PostgreSQL: group("postgres14", [on("rds.force_ssl")]),
    "PostgreSQL that forces it by default": group("postgres16", []),
    MySQL: group("mysql8.0", [{ name: "require_secure_transport", value: "ON" }]),
    "MySQL that forces it by default": group("mysql8.4", []),
    "Aurora, of which the cluster's group decides": group("aurora-postgresql15", []),
    "Aurora's cluster group": group("aurora-postgresql15", [on("rds.force_ssl")], CLUSTER),
    "Oracle, which has no such parameter": group("oracle-ee-19", []),
    "DocumentDB by default": group("docdb5.0", [], "aws:docdb/clusterParameterGroup:ClusterParameterGroup"),
    Redshift: group("redshift-1.0", [{ name: "require_ssl", value: "true" }], REDSHIFT),
  },
  bad: {
    PostgreSQL: group("postgres14", []),
    "PostgreSQL, switched off": group("postgres16", [{ name: "rds.force_ssl", value: "0" }]),
    MySQL: group("mysql8.0", []),
    MariaDB: group("mariadb10.11", []),
    "SQL Server": group("sqlserver-ee-15.0", []),
    "Aurora's cluster group": group("aurora-mysql8.0", [], CLUSTER),
    "DocumentDB, switched off": group(
      "docdb5.0",
      [{ name: "tls", value: "disabled" }],
      "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    ),
    Redshift: group("redshift-1.0", [], REDSHIFT),
    "Neptune, switched off": group(
      "neptune1.3",
      [{ name: "neptune_enforce_ssl", value: "0" }],
      "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
    ),
  },
  partial: { "other parameters only": group("postgres14", [on("log_connections")]) },
  wrongType: { "a list": group("postgres14", [{ name: "rds.force_ssl", value: [] }]) },
  unknown: {
    value: group("postgres14", [{ name: "rds.force_ssl", value: UNKNOWN }]),
    family: group(UNKNOWN, []),
  },
});
