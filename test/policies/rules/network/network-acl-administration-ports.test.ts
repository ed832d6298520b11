import { UNKNOWN } from "../../../../policies/testing";
import { networkAclAdministrationPorts } from "../../../../policies/rules/network/network-acl-administration-ports";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const RULE = "aws:ec2/networkAclRule:NetworkAclRule";
const allow = { ruleNo: 100, action: "allow", protocol: "6", cidrBlock: "0.0.0.0/0" };

describeRule(networkAclAdministrationPorts, {
  good: {
    web: put("acl", ACL, { ingress: [{ ...allow, fromPort: 443, toPort: 443 }] }),
    inside: put("acl", ACL, {
      ingress: [{ ...allow, protocol: "-1", cidrBlock: "10.0.0.0/8", fromPort: 0, toPort: 0 }],
    }),
    denied: put("acl", ACL, { ingress: [{ ...allow, action: "deny", fromPort: 22, toPort: 22 }] }),
    "on the way out": put("rule", RULE, {
      egress: true,
      ruleAction: "allow",
      protocol: "-1",
      cidrBlock: "0.0.0.0/0",
    }),
  },
  bad: {
    everything: put("acl", ACL, { ingress: [{ ...allow, protocol: "-1", fromPort: 0, toPort: 0 }] }),
    "an entry of its own": put("rule", RULE, {
      ruleAction: "allow",
      protocol: "tcp",
      cidrBlock: "0.0.0.0/0",
      fromPort: 22,
      toPort: 22,
    }),
    IPv6: put("rule", RULE, {
      ruleAction: "allow",
      protocol: "6",
      ipv6CidrBlock: "::/0",
      fromPort: 3389,
      toPort: 3389,
    }),
    "the default ACL": put("acl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", {
      ingress: [{ ...allow, fromPort: 22, toPort: 22 }],
    }),
  },
  partial: {
    "one entry of two": put("acl", ACL, {
      ingress: [
        { ...allow, fromPort: 443, toPort: 443 },
        { ...allow, fromPort: 0, toPort: 1024 },
      ],
    }),
  },
  unknown: {
    entries: put("acl", ACL, { ingress: UNKNOWN }),
    range: put("rule", RULE, { ruleAction: "allow", protocol: "-1", cidrBlock: UNKNOWN }),
  },
});
