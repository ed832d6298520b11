import { UNKNOWN } from "../../../../policies/testing";
import { securityGroupAllPorts } from "../../../../policies/rules/network/security-group-all-ports";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describeRule(securityGroupAllPorts, {
  good: {
    "inside the network": put("group", GROUP, {
      description: "the shop",
      ingress: [
        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["fd00::/8"] },
      ],
    }),
    "web ports": put("group", GROUP, {
      description: "the shop",
      ingress: [
        { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
      ],
    }),
    pings: put("rule", INGRESS, { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIpv4: "0.0.0.0/0" }),
    "among its members": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
    }),
    "egress of a rule": put("rule", RULE, {
      type: "egress",
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlocks: ["0.0.0.0/0"],
    }),
  },
  bad: {
    inline: put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    "inline, IPv6": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "all", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }],
    }),
    "a rule of its own": put("rule", RULE, {
      type: "ingress",
      protocol: "tcp",
      fromPort: 0,
      toPort: 65535,
      cidrBlocks: ["0.0.0.0/0"],
    }),
    "an ingress rule": put("rule", INGRESS, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
    "an ingress rule, IPv6": put("rule", INGRESS, { ipProtocol: "-1", cidrIpv6: "::/0" }),
    "from port 1": put("rule", INGRESS, {
      ipProtocol: "udp",
      fromPort: 1,
      toPort: 65535,
      cidrIpv4: "0.0.0.0/0",
    }),
    "a number for the protocol": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: -1, fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    }),
  },
  partial: {
    "in two halves": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }],
    }),
    "one entry of two": put("group", GROUP, {
      description: "the shop",
      ingress: [
        { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] },
        { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] },
      ],
    }),
    "beside an unknown range": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [UNKNOWN, "0.0.0.0/0"] }],
    }),
  },
  wrongType: {
    "words as ports": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: "first",
      toPort: "last",
      cidrIpv4: "0.0.0.0/0",
    }),
    "one range, not a list": put("rule", RULE, {
      type: "ingress",
      protocol: "-1",
      fromPort: 0,
      toPort: 0,
      ipv6CidrBlocks: "::/0",
    }),
  },
  notJudged: {
    "a text": put("group", GROUP, {
      description: "the shop",
      ingress: "0.0.0.0/0",
    }),
  },
  unknown: {
    entries: put("group", GROUP, {
      description: "the shop",
      ingress: UNKNOWN,
    }),
    range: put("rule", INGRESS, { ipProtocol: "-1", cidrIpv4: UNKNOWN }),
    protocol: put("rule", INGRESS, { ipProtocol: UNKNOWN, cidrIpv4: "0.0.0.0/0" }),
    direction: put("rule", RULE, {
      type: UNKNOWN,
      protocol: "-1",
      fromPort: 0,
      toPort: 0,
      cidrBlocks: ["0.0.0.0/0"],
    }),
  },
});
