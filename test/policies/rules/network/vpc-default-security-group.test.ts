import { UNKNOWN } from "../../../../policies/testing";
import { vpcDefaultSecurityGroup } from "../../../../policies/rules/network/vpc-default-security-group";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const vpc = put("vpc", "aws:ec2/vpc:Vpc", { id: "vpc-1", cidrBlock: "10.0.0.0/16" });
const flowLog = put("flowLog", "aws:ec2/flowLog:FlowLog", { vpcId: "vpc-1", trafficType: "ALL" });
const group = (props: object) =>
  put("group", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1", ...props });

describeRule(vpcDefaultSecurityGroup, {
  good: { emptied: [vpc, flowLog, group({ ingress: [], egress: [] })] },
  bad: { none: [vpc, flowLog] },
  partial: { "of another VPC": [vpc, flowLog, group({ vpcId: "vpc-2" })] },
  wrongType: { "a list of VPCs": [vpc, flowLog, group({ vpcId: ["vpc-1"] })] },
  unknown: { VPC: [vpc, flowLog, group({ vpcId: UNKNOWN })] },
});
