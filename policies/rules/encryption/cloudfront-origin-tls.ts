import { awsControls } from "../../model/aws-controls";
import { eachRule } from "../../model/input-rule";

const TLS_ONLY = ["https-only", "redirect-to-https"];

export const cloudfrontOriginTls = eachRule(
  {
    id: "cloudfront-origin-tls",
    title: "Distributions speak TLS to their origins",
    severity: "high",
    description: "What CloudFront fetches in plain text can be read and changed between it and the origin.",
    remediation:
      'customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"], httpPort: 80, httpsPort: 443 }',
    types: ["aws:cloudfront/distribution:Distribution"],
    controls: awsControls(
      "cloudfront_distributions_origin_traffic_encrypted",
      "cloudfront_distributions_using_deprecated_ssl_protocols",
    ),
  },
  (distribution) => {
    const behaviors = [
      distribution.get("defaultCacheBehavior"),
      ...distribution.get("orderedCacheBehaviors").items(),
    ];
    // Asked as the viewer asks, an origin is reached by TLS where no viewer may do without it.
    const viewersUseTls = () =>
      behaviors.every((behavior) => TLS_ONLY.includes(behavior.get("viewerProtocolPolicy").string() ?? ""));
    return distribution
      .get("origins")
      .items()
      .map((origin) => ({ origin, viewersUseTls }));
  },
  ({ origin, viewersUseTls }) => {
    const config = origin.get("customOriginConfig");
    if (!config.exists()) return undefined;
    const name = `origin \`${origin.get("originId").show()}\``;
    const policy = config.get("originProtocolPolicy").string();
    if (policy !== "https-only" && !(policy === "match-viewer" && viewersUseTls())) {
      return `must reach ${name} by "https-only".`;
    }
    const old = config
      .get("originSslProtocols")
      .strings()
      .find((version) => version !== "TLSv1.2");
    return old && `must not reach ${name} by ${old}.`;
  },
);
