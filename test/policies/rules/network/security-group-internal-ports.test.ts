import { UNKNOWN } from "../../../../policies/testing";
import { securityGroupInternalPorts } from "../../../../policies/rules/network/security-group-internal-ports";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describeRule(securityGroupInternalPorts, {
  good: {
    "what cannot be told of other ports": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: UNKNOWN,
    }),
    "from a group": put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: ["sg-1"] }],
    }),
    "from the network": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
      cidrIpv4: "10.0.0.0/8",
    }),
  },
  bad: {
    PostgreSQL: put("group", GROUP, {
      description: "the shop",
      ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    Redis: put("rule", INGRESS, { ipProtocol: "tcp", fromPort: 6379, toPort: 6379, cidrIpv6: "::/0" }),
    kubelet: put("rule", RULE, {
      type: "ingress",
      protocol: "tcp",
      fromPort: 10250,
      toPort: 10250,
      cidrBlocks: ["0.0.0.0/0"],
    }),
  },
  partial: {
    "among others": put("rule", INGRESS, {
      ipProtocol: "tcp",
      fromPort: 9000,
      toPort: 9100,
      cidrIpv4: "0.0.0.0/0",
    }),
  },
  wrongType: {
    "ports as texts": put("rule", INGRESS, {
      ipProtocol: 6,
      fromPort: "5432",
      toPort: "5432",
      cidrIpv4: "0.0.0.0/0",
    }),
    "one range, not a list": put("rule", RULE, {
      type: "ingress",
      protocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
      cidrBlocks: "0.0.0.0/0",
    }),
  },
  unknown: {
    range: put("rule", INGRESS, { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIpv4: UNKNOWN }),
  },
});
