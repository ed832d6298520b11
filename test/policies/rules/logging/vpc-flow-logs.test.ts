import { UNKNOWN } from "../../../../policies/testing";
import { vpcFlowLogs } from "../../../../policies/rules/logging/vpc-flow-logs";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const vpc = put("vpc", "aws:ec2/vpc:Vpc", { id: "vpc-1", cidrBlock: "10.0.0.0/16" });
const group = put("group", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1" });
const flowLog = (props: object) =>
  put("flowLog", "aws:ec2/flowLog:FlowLog", { vpcId: "vpc-1", trafficType: "ALL", ...props });

describeRule(vpcFlowLogs, {
  good: { all: [vpc, group, flowLog({})], refused: [vpc, group, flowLog({ trafficType: "REJECT" })] },
  bad: { none: [vpc, group] },
  partial: {
    "only what passes": [vpc, group, flowLog({ trafficType: "ACCEPT" })],
    "of another VPC": [vpc, group, flowLog({ vpcId: "vpc-2" })],
  },
  wrongType: { list: [vpc, group, flowLog({ trafficType: ["ALL"] })] },
  unknown: {
    VPC: [vpc, group, flowLog({ vpcId: UNKNOWN })],
    traffic: [vpc, group, flowLog({ trafficType: UNKNOWN })],
  },
});
