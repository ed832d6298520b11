import { cloudfrontMinimumTlsVersion } from "../../../../policies/rules/encryption/cloudfront-minimum-tls-version";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

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

describeRule(cloudfrontMinimumTlsVersion, {
  good: {
    "TLS 1.3": distribution({
      viewerCertificate: { acmCertificateArn: "arn", minimumProtocolVersion: "TLSv1.3_2025" },
    }),
  },
  bad: {
    "TLS 1.0": distribution({
      viewerCertificate: { acmCertificateArn: "arn", minimumProtocolVersion: "TLSv1" },
    }),
    "TLS 1.1": distribution({
      viewerCertificate: { acmCertificateArn: "arn", minimumProtocolVersion: "TLSv1.1_2016" },
    }),
    "CloudFront's own certificate": distribution({
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    }),
  },
  partial: {
    "a certificate without a version": distribution({ viewerCertificate: { acmCertificateArn: "arn" } }),
  },
  wrongType: { "a number": distribution({ viewerCertificate: { minimumProtocolVersion: 1.2 } }) },
  unknown: { version: distribution({ viewerCertificate: { minimumProtocolVersion: UNKNOWN } }) },
});
