import { awsControls } from "../../model/aws-controls";
import { publicSwitchRule } from "../../model/public-switch";

export const rdsPublicAccess = publicSwitchRule({
  id: "rds-public-access",
  title: "Databases have no public address",
  severity: "critical",
  description:
    "A public database is found within hours; then only its passwords and patches stand in between.",
  remediation:
    "new aws.rds.Instance(name, { …, publiclyAccessible: false, dbSubnetGroupName: privateSubnets.name })",
  types: [
    "aws:rds/instance:Instance",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:neptune/clusterInstance:ClusterInstance",
  ],
  controls: awsControls("rds_instance_no_public_access"),
});
