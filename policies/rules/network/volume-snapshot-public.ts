import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const volumeSnapshotPublic = inputRule(
  {
    id: "volume-snapshot-public",
    title: "The account lets nobody make volume snapshots public",
    severity: "high",
    description:
      "A public snapshot is the whole disk, for anyone to copy; the account can rule that out at once.",
    remediation: 'new aws.ebs.SnapshotBlockPublicAccess(name, { state: "block-all-sharing" })',
    types: ["aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"],
    controls: awsControls("ec2_ebs_snapshot_account_block_public_access"),
  },
  (fields) =>
    fields.get("state").value() === "block-all-sharing"
      ? undefined
      : `must set \`state\` to "block-all-sharing" (given: ${fields.get("state").show()}).`,
);
