import { UNKNOWN } from "../../../../policies/testing";
import { securityGroupEgress } from "../../../../policies/rules/network/security-group-egress";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

describeRule(securityGroupEgress, {
  good: {
    "to the network": put("group", GROUP, {
      description: "the shop",
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/8"] }],
    }),
    "to web servers": put("rule", EGRESS, {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    }),
  },
  bad: {
    inline: put("group", GROUP, {
      description: "the shop",
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    "a rule of its own": put("rule", RULE, {
      type: "egress",
      protocol: "all",
      fromPort: 0,
      toPort: 0,
      ipv6CidrBlocks: ["::/0"],
    }),
    "an egress rule": put("rule", EGRESS, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
  },
  partial: {
    "one entry of two": put("group", GROUP, {
      description: "the shop",
      egress: [
        { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] },
        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
      ],
    }),
  },
  wrongType: {
    "a number as the protocol": put("rule", EGRESS, { ipProtocol: -1, cidrIpv4: "0.0.0.0/0" }),
    "one entry, not a list": put("group", GROUP, {
      description: "the shop",
      egress: { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: "0.0.0.0/0" },
    }),
  },
  unknown: { range: put("rule", EGRESS, { ipProtocol: "-1", cidrIpv4: UNKNOWN }) },
});
