import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const snapshotEncryption = inputRule(
  {
    id: "snapshot-encryption",
    title: "Copied and imported snapshots are encrypted",
    severity: "high",
    description: "A copy is the one moment at which an unencrypted snapshot can become an encrypted one.",
    remediation:
      "new aws.ebs.SnapshotCopy(name, { sourceSnapshotId, sourceRegion, encrypted: true, kmsKeyId: key.arn })",
    types: ["aws:ebs/snapshotCopy:SnapshotCopy", "aws:ebs/snapshotImport:SnapshotImport"],
    controls: awsControls("ec2_ebs_snapshots_encrypted"),
  },
  (snapshot) => (isOn(snapshot.get("encrypted")) ? undefined : "must set `encrypted: true`."),
);
