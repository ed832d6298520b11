import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const redshiftEncryption = inputRule(
  {
    id: "redshift-encryption",
    title: "Redshift clusters are encrypted",
    severity: "high",
    description:
      "A warehouse collects what all other stores hold; its disks and snapshots must not be plain.",
    remediation: 'new aws.redshift.Cluster(name, { encrypted: "true", kmsKeyId: key.arn })',
    types: ["aws:redshift/cluster:Cluster"],
    controls: [
      ...awsControls("redshift_cluster_encrypted_at_rest"),
      awsFoundational("Redshift.10", "Redshift clusters should be encrypted at rest"),
    ],
  },
  (cluster) => {
    const encrypted = cluster.get("encrypted");
    return !encrypted.exists() || isOn(encrypted) ? undefined : "must not switch `encrypted` off.";
  },
);
