import { UNKNOWN } from "../../../../policies/testing";
import { webAclLogs } from "../../../../policies/rules/logging/web-acl-logs";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const acl = put("webAcl", "aws:wafv2/webAcl:WebAcl", { arn: "arn:acl", scope: "REGIONAL" });
const logs = (resourceArn: unknown) =>
  put("logs", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { resourceArn });

describeRule(webAclLogs, {
  good: { logged: [acl, logs("arn:acl")] },
  bad: { none: acl },
  partial: { "of another": [acl, logs("arn:other")] },
  wrongType: { "a list": [acl, logs(["arn:acl"])] },
  unknown: { resource: [acl, logs(UNKNOWN)] },
});
