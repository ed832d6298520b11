import { UNKNOWN } from "../../../../policies/testing";
import { networkAclAdministrationPorts } from "../../../../policies/rules/network/network-acl-administration-ports";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, put } from "../../support/edits";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const RULE = "aws:ec2/networkAclRule:NetworkAclRule";
const DENY_SSH = {
  ruleNo: 90,
  action: "deny",
  protocol: "6",
  cidrBlock: "0.0.0.0/0",
  fromPort: 22,
  toPort: 22,
};
const DENY_RDP = { ...DENY_SSH, ruleNo: 91, fromPort: 3389, toPort: 3389 };
/** The same as resources of their own. */
const rule = (role: string, entry: Record<string, unknown>, networkAclId: unknown = "acl-1") => {
  const { ruleNo: ruleNumber, action: ruleAction, ...more } = entry;
  return put(role, RULE, { networkAclId, ruleNumber, ruleAction, ...more });
};
const allow = { ruleNo: 100, action: "allow", protocol: "6", cidrBlock: "0.0.0.0/0" };

describeRule(networkAclAdministrationPorts, {
  good: {
    web: put("acl", ACL, { ingress: [{ ...allow, fromPort: 443, toPort: 443 }] }),
    inside: put("acl", ACL, {
      ingress: [{ ...allow, protocol: "-1", cidrBlock: "10.0.0.0/8", fromPort: 0, toPort: 0 }],
    }),
    denied: put("acl", ACL, { ingress: [{ ...allow, action: "deny", fromPort: 22, toPort: 22 }] }),
    "denied by entries of lower numbers": put("acl", ACL, {
      ingress: [{ ...allow, protocol: "-1" }, DENY_SSH, DENY_RDP],
    }),
    "denied by resources of lower numbers": [
      rule("open", { ...allow, protocol: "-1" }),
      rule("ssh", DENY_SSH),
      rule("rdp", DENY_RDP),
    ],
    "denied inline, allowed by a resource": [
      put("acl", ACL, { id: "acl-1", ingress: [DENY_SSH, DENY_RDP] }),
      rule("open", { ...allow, protocol: "-1" }),
    ],
    "denied by resources of an ACL that is not made yet": [
      put("acl", ACL, { id: UNKNOWN, ingress: [] }),
      rule("open", { ...allow, protocol: "-1" }, UNKNOWN),
      comesFrom("open", "networkAclId", "acl"),
      rule("both", { ...DENY_SSH, protocol: "-1" }, UNKNOWN),
      comesFrom("both", "networkAclId", "acl"),
    ],
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
    "denied by an entry of a higher number": put("acl", ACL, {
      ingress: [
        { ...allow, fromPort: 22, toPort: 22 },
        { ...DENY_SSH, ruleNo: 110 },
      ],
    }),
    "denied in another ACL": [
      rule("open", { ...allow, fromPort: 22, toPort: 22 }),
      rule("ssh", DENY_SSH, "acl-2"),
    ],
    "denied for IPv4, allowed for IPv6": put("acl", ACL, {
      ingress: [
        DENY_SSH,
        { ruleNo: 100, action: "allow", protocol: "6", ipv6CidrBlock: "::/0", fromPort: 22, toPort: 22 },
      ],
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
    "one port of two denied": put("acl", ACL, { ingress: [{ ...allow, protocol: "-1" }, DENY_SSH] }),
    "half of the sources denied": put("acl", ACL, {
      ingress: [
        { ...allow, fromPort: 22, toPort: 22 },
        { ...DENY_SSH, cidrBlock: "0.0.0.0/1" },
      ],
    }),
  },
  wrongType: {
    "numbers as texts": put("acl", ACL, {
      ingress: [{ ...allow, ruleNo: "100", protocol: 6, fromPort: "22", toPort: "22" }],
    }),
    "a word as the number of what denies": put("acl", ACL, {
      ingress: [
        { ...allow, fromPort: 22, toPort: 22 },
        { ...DENY_SSH, ruleNo: "first" },
      ],
    }),
    "one entry, not a list": put("acl", ACL, { ingress: { ...allow, fromPort: 22, toPort: 22 } }),
  },
  unknown: {
    "the number of an entry that denies": put("acl", ACL, {
      ingress: [
        { ...allow, fromPort: 22, toPort: 22 },
        { ...DENY_SSH, ruleNo: UNKNOWN },
      ],
    }),
    entries: put("acl", ACL, { ingress: UNKNOWN }),
    range: put("rule", RULE, { ruleAction: "allow", protocol: "-1", cidrBlock: UNKNOWN }),
  },
});
