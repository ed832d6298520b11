import { UNKNOWN } from "../../../../policies/testing";
import { defaultSecurityGroup } from "../../../../policies/rules/network/default-security-group";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

describeRule(defaultSecurityGroup, {
  good: {
    closed: put("default", GROUP, { vpcId: "vpc-1", ingress: [], egress: [] }),
    unsaid: put("default", GROUP, { vpcId: "vpc-1" }),
  },
  bad: {
    "as AWS makes it": put("default", GROUP, {
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
    }),
  },
  partial: {
    "ingress only": put("default", GROUP, {
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
      egress: [],
    }),
  },
  wrongType: {
    "one entry, not a list": put("default", GROUP, {
      ingress: { protocol: "-1", fromPort: 0, toPort: 0, self: true },
      egress: [],
    }),
  },
  unknown: { ingress: put("default", GROUP, { ingress: UNKNOWN }) },
});
