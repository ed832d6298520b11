import { awsControls } from "../../model/aws-controls";
import { publicSwitchRule } from "../../model/public-switch";

export const redshiftPublicAccess = publicSwitchRule({
  id: "redshift-public-access",
  title: "Redshift has no public address",
  severity: "critical",
  description: "A warehouse holds what all other stores held; nobody outside needs to reach it.",
  remediation: "new aws.redshift.Cluster(name, { …, publiclyAccessible: false })",
  types: ["aws:redshift/cluster:Cluster", "aws:redshiftserverless/workgroup:Workgroup"],
  controls: awsControls("redshift_cluster_public_access"),
});
