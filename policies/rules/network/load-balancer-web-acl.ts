import { awsControls } from "../../model/aws-controls";
import { given } from "../../model/aws-links";
import { companionRule } from "../../model/companions";
import { LOAD_BALANCER_TYPES } from "../../model/load-balancers";

export const loadBalancerWebAcl = companionRule(
  {
    id: "load-balancer-web-acl",
    title: "Public application load balancers have a web ACL",
    severity: "low",
    description:
      "A web ACL refuses known attacks and limits the rate before requests reach anything of one's own.",
    remediation:
      "new aws.wafv2.WebAclAssociation(name, { resourceArn: loadBalancer.arn, webAclArn: acl.arn })",
    types: LOAD_BALANCER_TYPES,
    controls: awsControls("elbv2_waf_acl_attached"),
  },
  {
    types: [
      "aws:wafv2/webAclAssociation:WebAclAssociation",
      "aws:wafregional/webAclAssociation:WebAclAssociation",
    ],
    property: "resourceArn",
    names: ["arn", "id"],
    isSpared: (balancer) =>
      (given(balancer, "loadBalancerType").string() ?? "application") !== "application" ||
      given(balancer, "internal").isTrue(),
    missing: "must be associated with a web ACL, or be internal.",
  },
);
