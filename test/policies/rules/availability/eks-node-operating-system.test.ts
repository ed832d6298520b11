import { eksNodeOperatingSystem } from "../../../../policies/rules/availability/eks-node-operating-system";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const nodes = (amiType: unknown) =>
  put("nodes", "aws:eks/nodeGroup:NodeGroup", {
    clusterName: "serving",
    subnetIds: ["subnet-a", "subnet-b"],
    amiType,
  });

describeRule(eksNodeOperatingSystem, {
  good: {
    Bottlerocket: nodes("BOTTLEROCKET_x86_64_NVIDIA"),
    "Amazon Linux 2023": nodes("AL2023_x86_64_STANDARD"),
  },
  bad: { "Amazon Linux 2": nodes("AL2_x86_64"), "with GPUs": nodes("AL2_x86_64_GPU") },
  partial: { none: "a group of nodes has one system" },
  notJudged: { number: nodes(2), "a list": nodes(["AL2_x86_64"]) },
  unknown: { type: nodes(UNKNOWN) },
});
