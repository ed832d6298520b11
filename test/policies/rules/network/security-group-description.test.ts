import { securityGroupDescription } from "../../../../policies/rules/network/security-group-description";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const group = (description: unknown) =>
  put("group", "aws:ec2/securityGroup:SecurityGroup", { name: "shop", vpcId: "vpc-1", description });

describeRule(securityGroupDescription, {
  good: { said: group("Load balancer to the shop") },
  bad: { none: group(null) },
  partial: { "what the provider writes": group("Managed by Pulumi") },
  wrongType: { "a number": group(1) },
  unknown: { text: group(UNKNOWN) },
});
