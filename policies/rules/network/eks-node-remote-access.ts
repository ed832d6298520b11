import { inputRule } from "../../model/input-rule";

export const eksNodeRemoteAccess = inputRule(
  {
    id: "eks-node-remote-access",
    title: "EKS nodes are not open to SSH from the internet",
    severity: "critical",
    description:
      "A node group with an SSH key and no source groups gets a security group that lets everyone try.",
    remediation:
      "// Better none at all, with Session Manager.\nremoteAccess: { ec2SshKey, sourceSecurityGroupIds: [bastion.id] }",
    types: ["aws:eks/nodeGroup:NodeGroup"],
    controls: [],
  },
  (fields) => {
    const access = fields.get("remoteAccess");
    if (!access.get("ec2SshKey").exists()) return undefined;
    return access.get("sourceSecurityGroupIds").items().length > 0
      ? undefined
      : "must name `remoteAccess.sourceSecurityGroupIds`: without them EKS opens port 22 of its nodes to 0.0.0.0/0.";
  },
);
