import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const rdsDeletionProtection = inputRule(
  {
    id: "rds-deletion-protection",
    title: "Databases are protected from deletion",
    severity: "medium",
    description: "A database that is replaced or deleted by mistake takes its automated backups with it.",
    remediation: "deletionProtection: true",
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:docdb/cluster:Cluster",
      "aws:neptune/cluster:Cluster",
    ],
    controls: awsControls(
      "rds_instance_deletion_protection",
      "rds_cluster_deletion_protection",
      "documentdb_cluster_deletion_protection",
      "neptune_cluster_deletion_protection",
    ),
  },
  (fields) =>
    fields.get("deletionProtection").isTrue() ? undefined : "must set `deletionProtection: true`.",
);
