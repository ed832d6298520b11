import { awsControls } from "../../model/aws-controls";
import { given } from "../../model/aws-links";
import { companionRule } from "../../model/companions";
import { hasText } from "../../model/scalars";

export const cloudfrontLogs = companionRule(
  {
    id: "cloudfront-logs",
    title: "CloudFront distributions write logs",
    severity: "low",
    description: "What is answered from the edge never reaches a server, and appears in no other log.",
    remediation: "loggingConfig: { bucket: logs.bucketDomainName }",
    types: ["aws:cloudfront/distribution:Distribution"],
    controls: awsControls("cloudfront_distributions_logging_enabled"),
  },
  {
    types: ["aws:cloudwatch/logDeliverySource:LogDeliverySource"],
    property: "resourceArn",
    names: ["arn"],
    isSpared: (distribution) =>
      hasText(given(distribution, "loggingConfig").get("bucket")) ||
      hasText(given(distribution, "defaultCacheBehavior").get("realtimeLogConfigArn")),
    missing: "must write logs: give `loggingConfig.bucket`, or add a LogDeliverySource.",
  },
);
