import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const opensearchNodeEncryption = inputRule(
  {
    id: "opensearch-node-encryption",
    title: "Nodes of search domains speak TLS to each other",
    severity: "high",
    description: "Between its nodes a domain moves whole indices.",
    remediation: "nodeToNodeEncryption: { enabled: true }",
    types: ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"],
    controls: awsControls("opensearch_service_domains_node_to_node_encryption_enabled"),
  },
  (domain) =>
    isOn(domain.get("nodeToNodeEncryption", "enabled"))
      ? undefined
      : "must set `nodeToNodeEncryption.enabled`.",
);
