import { inputRule } from "../../model/input-rule";

export const cloudfrontMinimumTlsVersion = inputRule(
  {
    id: "cloudfront-minimum-tls-version",
    title: "Distributions accept TLS 1.2 or newer",
    severity: "high",
    description:
      "TLS 1.0 and 1.1 are withdrawn (RFC 8996). With CloudFront's own certificate it accepts them, whatever else is said.",
    remediation:
      'viewerCertificate: { acmCertificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" }',
    types: ["aws:cloudfront/distribution:Distribution"],
    controls: [],
  },
  (distribution) => {
    const certificate = distribution.get("viewerCertificate");
    if (!certificate.get("cloudfrontDefaultCertificate").isOff())
      return "must have a certificate of its own, as CloudFront's accepts TLS 1.0.";
    const version = certificate.get("minimumProtocolVersion");
    return /^TLSv1\.[23]_/.test(version.string() ?? "")
      ? undefined
      : `must set \`${version.path}\` to TLSv1.2_2021 or newer, not ${version.show()}.`;
  },
);
