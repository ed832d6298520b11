import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const defaultSecurityGroup = inputRule(
  {
    id: "default-security-group",
    title: "Default security groups let nothing through",
    severity: "high",
    description:
      "What names no security group gets the VPC's default one, so an opening there applies by accident.",
    remediation: "new aws.ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [] })",
    types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    controls: awsControls("ec2_securitygroup_default_restrict_traffic"),
  },
  (fields) => {
    const open = ["ingress", "egress"].filter((list) => oneOrMany(fields.get(list)).length > 0);
    return open.length === 0
      ? undefined
      : `must have no ${open.join(" and no ")}: whatever names no security group gets this one.`;
  },
);
