import { UNKNOWN } from "../../../../policies/testing";
import { securityGroupAdministrationPorts } from "../../../../policies/rules/network/security-group-administration-ports";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describeRule(securityGroupAdministrationPorts, {
  good: {
    "from an office": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
      cidrIpv4: "203.0.113.0/24",
    }),
    "from a group": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, securityGroups: ["sg-1"] }],
    }),
  },
  bad: {
    SSH: put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    "SSH, IPv6": put("rule", INGRESS, { ipProtocol: "6", fromPort: 22, toPort: 22, cidrIpv6: "::/0" }),
    RDP: put("rule", RULE, {
      type: "ingress",
      protocol: "tcp",
      fromPort: 3389,
      toPort: 3389,
      cidrBlocks: ["0.0.0.0/0"],
    }),
    "ports as texts": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: "22",
      toPort: "22",
      cidrIpv4: "0.0.0.0/0",
    }),
  },
  partial: {
    "among others": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 20,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    }),
    "to half of the internet": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
      cidrIpv4: "128.0.0.0/1",
    }),
  },
  wrongType: {
    "ports and protocol of the other type": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: 6, fromPort: "22", toPort: "22", cidrBlocks: ["0.0.0.0/0"] }],
    }),
    "one entry, not a list": put("group", GROUP, {
      description: "the shop",
      ingress: { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
    }),
    "one range, not a list": put("rule", RULE, {
      type: "ingress",
      protocol: "tcp",
      fromPort: 22,
      toPort: 22,
      cidrBlocks: "0.0.0.0/0",
    }),
  },
  unknown: {
    range: put("rule", INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: UNKNOWN }),
    port: put("rule", INGRESS, { ipProtocol: "tcp", fromPort: UNKNOWN, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
  },
});
