import { awsControls } from "../../model/aws-controls";
import { companionRule } from "../../model/companions";

export const vpcDefaultSecurityGroup = companionRule(
  {
    id: "vpc-default-security-group",
    title: "Each VPC has its default security group emptied",
    severity: "low",
    description:
      "AWS makes one that lets all its members talk, and everything out; a stack empties it by adopting it.",
    remediation: "new aws.ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [] })",
    types: ["aws:ec2/vpc:Vpc"],
    controls: awsControls("ec2_securitygroup_default_restrict_traffic"),
  },
  {
    types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    property: "vpcId",
    names: ["id"],
    missing: "must have its default security group emptied by an aws.ec2.DefaultSecurityGroup.",
  },
);
