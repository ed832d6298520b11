import { awsControls } from "../../model/aws-controls";
import { companionRule } from "../../model/companions";

export const webAclLogs = companionRule(
  {
    id: "web-acl-logs",
    title: "Web ACLs log what they refuse",
    severity: "low",
    description:
      "A rule that refuses too much or too little is noticed only where the refusals are written down.",
    remediation:
      "new aws.wafv2.WebAclLoggingConfiguration(name, { resourceArn: acl.arn, logDestinationConfigs: [group.arn] })",
    types: ["aws:wafv2/webAcl:WebAcl"],
    controls: awsControls("wafv2_webacl_logging_enabled"),
  },
  {
    types: ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"],
    property: "resourceArn",
    names: ["arn"],
    missing: "must have a WebAclLoggingConfiguration.",
  },
);
