import { inputRule } from "../../model/input-rule";

export const rdsFinalSnapshot = inputRule(
  {
    id: "rds-final-snapshot",
    title: "Databases leave a snapshot when they are deleted",
    severity: "low",
    description: "With `skipFinalSnapshot` a deletion is the end of the data.",
    remediation: "skipFinalSnapshot: false, finalSnapshotIdentifier: `${name}-final`",
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:docdb/cluster:Cluster",
      "aws:neptune/cluster:Cluster",
      "aws:redshift/cluster:Cluster",
    ],
    controls: [],
  },
  (fields) =>
    fields.get("skipFinalSnapshot").isOff()
      ? undefined
      : "must not set `skipFinalSnapshot`: its data ends with it.",
);
