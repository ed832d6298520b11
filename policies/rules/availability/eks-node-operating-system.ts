import { inputRule } from "../../model/input-rule";

export const eksNodeOperatingSystem = inputRule(
  {
    id: "eks-node-operating-system",
    title: "Nodes of EKS run a system that is still made for them",
    severity: "medium",
    description:
      "EKS makes no images of Amazon Linux 2 any more since 2025-11-26 (https://github.com/awslabs/amazon-eks-ami/issues/2545): such nodes get no fixes.",
    remediation: 'amiType: "BOTTLEROCKET_x86_64" // or AL2023_x86_64_STANDARD',
    types: ["aws:eks/nodeGroup:NodeGroup"],
    controls: [],
  },
  (fields) => {
    const type = fields.get("amiType").string() ?? "";
    return /^AL2_/.test(type) ? `must not run Amazon Linux 2 (\`amiType: ${type}\`).` : undefined;
  },
);
