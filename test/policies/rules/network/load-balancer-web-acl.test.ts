import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerWebAcl } from "../../../../policies/rules/network/load-balancer-web-acl";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const open = { internal: false, arn: "arn:lb" };
const acl = (resourceArn: unknown) =>
  put("acl", "aws:wafv2/webAclAssociation:WebAclAssociation", { resourceArn, webAclArn: "arn:acl" });

describeRule(loadBalancerWebAcl, {
  good: {
    associated: [example("loadBalancer", open), acl("arn:lb")],
    internal: example("loadBalancer"),
    network: example("loadBalancer", { ...open, loadBalancerType: "network" }),
  },
  bad: { none: example("loadBalancer", open) },
  partial: { "of another": [example("loadBalancer", open), acl("arn:other")] },
  wrongType: {
    "a text as the switch": example("loadBalancer", { ...open, internal: "true" }),
    "a list of load balancers": [example("loadBalancer", open), acl(["arn:lb"])],
  },
  unknown: { association: [example("loadBalancer", open), acl(UNKNOWN)] },
});
