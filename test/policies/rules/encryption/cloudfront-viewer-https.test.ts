import { cloudfrontViewerHttps } from "../../../../policies/rules/encryption/cloudfront-viewer-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const open = { viewerProtocolPolicy: "allow-all" };
const safe = {
  enabled: true,
  webAclId: "acl",
  defaultRootObject: "index.html",
  loggingConfig: { bucket: "logs.s3.amazonaws.com" },
  viewerCertificate: {
    acmCertificateArn: "arn",
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  },
  defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
};
const distribution = (more: Record<string, unknown>) =>
  put("distribution", "aws:cloudfront/distribution:Distribution", { ...safe, ...more });

describeRule(cloudfrontViewerHttps, {
  good: { "HTTPS only": distribution({ defaultCacheBehavior: { viewerProtocolPolicy: "https-only" } }) },
  bad: { "HTTP allowed": distribution({ defaultCacheBehavior: open }) },
  partial: {
    "HTTP allowed for one path": distribution({ orderedCacheBehaviors: [{ pathPattern: "/a", ...open }] }),
  },
  wrongType: { "a switch": distribution({ defaultCacheBehavior: { viewerProtocolPolicy: true } }) },
  unknown: {
    policy: distribution({ defaultCacheBehavior: { viewerProtocolPolicy: UNKNOWN } }),
    paths: distribution({ orderedCacheBehaviors: UNKNOWN }),
  },
});
