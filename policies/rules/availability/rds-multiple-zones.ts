import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const rdsMultipleZones = inputRule(
  {
    id: "rds-multiple-zones",
    title: "Databases outlive the loss of a zone",
    severity: "low",
    description: "A database in one zone is down with it, and for every patch.",
    remediation: "new aws.rds.Instance(name, { …, multiAz: true })",
    types: ["aws:rds/instance:Instance"],
    controls: awsControls("rds_instance_multi_az"),
  },
  (fields) => {
    if (hasText(fields.get("replicateSourceDb"))) return undefined;
    return fields.get("multiAz").isTrue() ? undefined : "must set `multiAz: true`.";
  },
);
