import { UNKNOWN } from "../../../../policies/testing";
import { eksNodeRemoteAccess } from "../../../../policies/rules/network/eks-node-remote-access";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const NODES = "aws:eks/nodeGroup:NodeGroup";

describeRule(eksNodeRemoteAccess, {
  good: {
    none: put("nodes", NODES, { clusterName: "serving" }),
    "from a bastion": put("nodes", NODES, {
      remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: ["sg-1"] },
    }),
  },
  bad: { everyone: put("nodes", NODES, { remoteAccess: { ec2SshKey: "ops" } }) },
  partial: {
    "an empty list": put("nodes", NODES, { remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: [] } }),
  },
  wrongType: {
    text: put("nodes", NODES, { remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: "sg-1" } }),
  },
  unknown: {
    groups: put("nodes", NODES, { remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: UNKNOWN } }),
  },
});
