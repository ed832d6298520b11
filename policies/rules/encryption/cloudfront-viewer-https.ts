import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { eachRule } from "../../model/input-rule";

export const cloudfrontViewerHttps = eachRule(
  {
    id: "cloudfront-viewer-https",
    title: "Distributions serve HTTPS only",
    severity: "high",
    description: "With `allow-all` a viewer that asks in plain text is answered in plain text.",
    remediation:
      'defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https", targetOriginId, allowedMethods, cachedMethods }',
    types: ["aws:cloudfront/distribution:Distribution"],
    controls: [
      ...awsControls("cloudfront_distributions_https_enabled"),
      awsFoundational("CloudFront.3", "CloudFront distributions should require encryption in transit"),
    ],
  },
  (distribution) => [
    distribution.get("defaultCacheBehavior"),
    ...distribution.get("orderedCacheBehaviors").items(),
  ],
  (behavior) =>
    ["https-only", "redirect-to-https"].includes(behavior.get("viewerProtocolPolicy").string() ?? "")
      ? undefined
      : `must set \`${behavior.path}.viewerProtocolPolicy\` to "redirect-to-https" or "https-only".`,
);
