import { UNKNOWN } from "../../../../policies/testing";
import { securityGroupOpenPorts } from "../../../../policies/rules/network/security-group-open-ports";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describeRule(securityGroupOpenPorts, {
  good: {
    web: put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
    }),
  },
  bad: {
    inline: put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    "a rule of its own": put("rule", RULE, {
      type: "ingress",
      protocol: "udp",
      fromPort: 4500,
      toPort: 4500,
      cidrBlocks: ["0.0.0.0/0"],
    }),
  },
  partial: {
    "a range that begins at 443": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 444,
      cidrIpv4: "0.0.0.0/0",
    }),
  },
  wrongType: {
    "ports as texts": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: "8443",
      toPort: "8443",
      cidrIpv4: "0.0.0.0/0",
    }),
    "one entry, not a list": put("group", GROUP, {
      description: "the shop",
      ingress: { protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["0.0.0.0/0"] },
    }),
  },
  unknown: {
    port: put("rule", INGRESS, { ipProtocol: "tcp", fromPort: 8443, toPort: UNKNOWN, cidrIpv4: "0.0.0.0/0" }),
  },
});
