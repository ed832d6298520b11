import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

export const opensearchAuditLogs = inputRule(
  {
    id: "opensearch-audit-logs",
    title: "OpenSearch writes an audit log",
    severity: "low",
    description: "Without it nobody can tell who searched or changed what.",
    remediation: 'logPublishingOptions: [{ logType: "AUDIT_LOGS", cloudwatchLogGroupArn: group.arn }]',
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_audit_logging_enabled"),
  },
  (fields) =>
    fields
      .get("logPublishingOptions")
      .items()
      .some((option) => option.get("logType").value() === "AUDIT_LOGS" && !saysOff(option.get("enabled")))
      ? undefined
      : "must publish `AUDIT_LOGS` in `logPublishingOptions`.",
);
