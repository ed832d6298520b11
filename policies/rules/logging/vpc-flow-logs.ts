import { awsControls } from "../../model/aws-controls";
import { companionRule } from "../../model/companions";

export const vpcFlowLogs = companionRule(
  {
    id: "vpc-flow-logs",
    title: "Each VPC writes flow logs",
    severity: "medium",
    description: "Flow logs tell who talked to whom; without them an intruder's way cannot be followed.",
    remediation:
      'new aws.ec2.FlowLog(name, { vpcId: vpc.id, trafficType: "ALL", logDestination: group.arn, iamRoleArn: role.arn })',
    types: ["aws:ec2/vpc:Vpc"],
    controls: awsControls("vpc_flow_logs_enabled"),
  },
  {
    types: ["aws:ec2/flowLog:FlowLog"],
    property: "vpcId",
    names: ["id"],
    // What is refused has to be among it.
    accepts: ({ fields }) => ["ALL", "REJECT"].includes(fields.get("trafficType").string() ?? ""),
    missing: "must have a FlowLog of all traffic, or at least of what is refused.",
  },
);
