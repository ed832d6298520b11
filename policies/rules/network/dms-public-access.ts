import { awsControls } from "../../model/aws-controls";
import { publicSwitchRule } from "../../model/public-switch";

export const dmsPublicAccess = publicSwitchRule({
  id: "dms-public-access",
  title: "Replication instances have no public address",
  severity: "high",
  description: "What copies databases holds the credentials of both ends.",
  remediation: "new aws.dms.ReplicationInstance(name, { …, publiclyAccessible: false })",
  types: ["aws:dms/replicationInstance:ReplicationInstance"],
  controls: awsControls("dms_instance_no_public_access"),
});
