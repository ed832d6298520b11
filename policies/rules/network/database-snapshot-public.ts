import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const databaseSnapshotPublic = inputRule(
  {
    id: "database-snapshot-public",
    title: "Database snapshots are not shared with everyone",
    severity: "critical",
    waivable: false,
    description: "A public snapshot is the whole database, for anyone to restore.",
    remediation:
      "new aws.rds.Snapshot(name, { dbInstanceIdentifier, dbSnapshotIdentifier, sharedAccounts: [accountId] })",
    types: [
      "aws:rds/snapshot:Snapshot",
      "aws:rds/snapshotCopy:SnapshotCopy",
      "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
      "aws:rds/clusterSnapshot:ClusterSnapshot",
    ],
    controls: awsControls("rds_snapshots_public_access"),
  },
  (fields) => {
    const shared = oneOrMany(fields.get("sharedAccounts"));
    return shared.some((account) => !account.isUnknown && account.value() === "all") ||
      shared.some((account) => account.value() === "all")
      ? "must not be shared with `all` accounts."
      : undefined;
  },
);
