import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const opensearchHttps = inputRule(
  {
    id: "opensearch-https",
    title: "Search domains are reached by HTTPS only",
    severity: "high",
    description: "A domain answers plain HTTP unless HTTPS is enforced.",
    remediation:
      'domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" }',
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_https_communications_enforced"),
  },
  (domain) => {
    const enforced = domain.get("domainEndpointOptions", "enforceHttps");
    return (!enforced.exists() && domain.get("domainEndpointOptions").exists()) || isOn(enforced)
      ? undefined
      : "must set `domainEndpointOptions.enforceHttps`.";
  },
);
