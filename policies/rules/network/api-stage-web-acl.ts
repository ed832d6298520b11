import { awsControls } from "../../model/aws-controls";
import { companionRule } from "../../model/companions";

export const apiStageWebAcl = companionRule(
  {
    id: "api-stage-web-acl",
    title: "Stages of REST APIs have a web ACL",
    severity: "low",
    description:
      "A web ACL refuses known attacks and limits the rate before requests reach anything of one's own.",
    remediation: "new aws.wafv2.WebAclAssociation(name, { resourceArn: stage.arn, webAclArn: acl.arn })",
    types: ["aws:apigateway/stage:Stage"],
    controls: awsControls("apigateway_restapi_waf_acl_attached"),
  },
  {
    types: [
      "aws:wafv2/webAclAssociation:WebAclAssociation",
      "aws:wafregional/webAclAssociation:WebAclAssociation",
    ],
    property: "resourceArn",
    names: ["arn"],
    missing: "must be associated with a web ACL.",
  },
);
