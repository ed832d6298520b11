import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const opensearchAtRestEncryption = inputRule(
  {
    id: "opensearch-at-rest-encryption",
    title: "Search domains are encrypted at rest",
    severity: "high",
    description: "Indices, logs and snapshots of a domain lie on its disks.",
    remediation: "encryptAtRest: { enabled: true, kmsKeyId: key.arn }",
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_encryption_at_rest_enabled"),
  },
  (domain) =>
    isOn(domain.get("encryptAtRest", "enabled")) ? undefined : "must set `encryptAtRest.enabled`.",
);
