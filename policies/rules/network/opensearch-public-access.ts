import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const opensearchPublicAccess = inputRule(
  {
    id: "opensearch-public-access",
    title: "OpenSearch domains are inside a VPC",
    severity: "critical",
    description: "A domain outside a VPC has a public endpoint, and cannot be moved inside later.",
    remediation: "new aws.opensearch.Domain(name, { …, vpcOptions: { subnetIds, securityGroupIds } })",
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_not_publicly_accessible"),
  },
  (fields) =>
    fields.get("vpcOptions", "subnetIds").items().length > 0
      ? undefined
      : "must be in a VPC: give `vpcOptions.subnetIds`.",
);
