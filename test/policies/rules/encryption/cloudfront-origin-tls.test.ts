import assert from "node:assert";
import { cloudfrontOriginTls } from "../../../../policies/rules/encryption/cloudfront-origin-tls";
import { runRule, UNKNOWN } from "../../../../policies/testing";
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
const tls = {
  originProtocolPolicy: "https-only",
  originSslProtocols: ["TLSv1.2"],
  httpPort: 80,
  httpsPort: 443,
};
const origin = (customOriginConfig: unknown) =>
  distribution({ origins: [{ originId: "app", domainName: "app.example", customOriginConfig }] });

describeRule(cloudfrontOriginTls, {
  good: {
    "HTTPS only": origin(tls),
    "as viewers ask, who must use TLS": origin({ ...tls, originProtocolPolicy: "match-viewer" }),
    "a bucket": distribution({
      origins: [{ originId: "b", domainName: "b.s3.amazonaws.com", originAccessControlId: "oac" }],
    }),
  },
  bad: {
    HTTP: origin({ ...tls, originProtocolPolicy: "http-only" }),
  },
  partial: { "TLS 1.0 beside 1.2": origin({ ...tls, originSslProtocols: ["TLSv1.2", "TLSv1"] }) },
  wrongType: { "a switch": origin({ ...tls, originProtocolPolicy: true }) },
  unknown: {
    policy: origin({ ...tls, originProtocolPolicy: UNKNOWN }),
    versions: origin({ ...tls, originSslProtocols: UNKNOWN }),
  },
});

describe("cloudfront-origin-tls", () => {
  it("fails beside cloudfront-viewer-https where an origin is reached as viewers ask, who may do without TLS", async () => {
    const props = {
      ...safe,
      defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" },
      origins: [{ originId: "app", customOriginConfig: { ...tls, originProtocolPolicy: "match-viewer" } }],
    };
    const [outcome] = await runRule(cloudfrontOriginTls, [
      { type: "aws:cloudfront/distribution:Distribution", name: "site", props },
    ]);
    assert.strictEqual(
      outcome?.message,
      'aws:cloudfront/distribution:Distribution `site` must reach origin `app` by "https-only".',
    );
  });
});
