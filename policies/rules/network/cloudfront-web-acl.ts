import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const cloudfrontWebAcl = inputRule(
  {
    id: "cloudfront-web-acl",
    title: "CloudFront distributions have a web ACL",
    severity: "low",
    description: "What faces the whole world should refuse known attacks and limit the rate at the edge.",
    remediation: "new aws.cloudfront.Distribution(name, { …, webAclId: acl.arn })",
    types: ["aws:cloudfront/distribution:Distribution"],
    controls: awsControls("cloudfront_distributions_using_waf"),
  },
  (fields) => (hasText(fields.get("webAclId")) ? undefined : "must name a web ACL in `webAclId`."),
);
