import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const opensearchAccessControl = inputRule(
  {
    id: "opensearch-access-control",
    title: "OpenSearch says who may read which index",
    severity: "medium",
    description:
      "Without fine-grained access control whoever may call the domain reads and deletes every index.",
    remediation: "advancedSecurityOptions: { enabled: true, masterUserOptions: { masterUserArn: role.arn } }",
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_access_control_enabled"),
  },
  (fields) =>
    fields.get("advancedSecurityOptions", "enabled").isTrue()
      ? undefined
      : "must set `advancedSecurityOptions.enabled: true`.",
);
