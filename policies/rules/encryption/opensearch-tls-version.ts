import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const opensearchTlsVersion = inputRule(
  {
    id: "opensearch-tls-version",
    title: "Search domains accept TLS 1.2 or newer",
    severity: "medium",
    description: "The default policy accepts TLS 1.0, which is withdrawn (RFC 8996).",
    remediation:
      'domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" }',
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: [
      awsFoundational(
        "ES.8",
        "Connections to Elasticsearch domains should be encrypted using the latest TLS security policy",
      ),
      awsFoundational(
        "OpenSearch.8",
        "Connections to OpenSearch domains should be encrypted using the latest TLS security policy",
      ),
    ],
  },
  (domain) => {
    const policy = domain.get("domainEndpointOptions", "tlsSecurityPolicy");
    return /^Policy-Min-TLS-1-[23]/.test(policy.string() ?? "")
      ? undefined
      : "must set `domainEndpointOptions.tlsSecurityPolicy` to a policy of TLS 1.2 or newer.";
  },
);
