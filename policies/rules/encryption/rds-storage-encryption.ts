import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { isMadeOfAnother } from "../../model/database-sources";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const rdsStorageEncryption = inputRule(
  {
    id: "rds-storage-encryption",
    title: "Databases are encrypted at rest",
    severity: "high",
    description: "Storage, backups and replicas of a database are encrypted from the start or not at all.",
    remediation: "storageEncrypted: true, kmsKeyId: key.arn",
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:rds/globalCluster:GlobalCluster",
      "aws:docdb/cluster:Cluster",
      "aws:neptune/cluster:Cluster",
    ],
    controls: [
      ...awsControls(
        "rds_instance_storage_encrypted",
        "rds_cluster_storage_encrypted",
        "documentdb_cluster_storage_encrypted",
        "neptune_cluster_storage_encrypted",
      ),
      awsFoundational("Neptune.1", "Neptune DB clusters should be encrypted at rest"),
    ],
  },
  (database) => {
    const encrypted = database.get("storageEncrypted");
    if (isOn(encrypted)) return undefined;
    const inherits = !encrypted.exists() && isMadeOfAnother(database);
    return inherits ? undefined : "must set `storageEncrypted: true`.";
  },
);
