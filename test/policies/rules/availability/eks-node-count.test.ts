import { UNKNOWN } from "../../../../policies/testing";
import { eksNodeCount } from "../../../../policies/rules/availability/eks-node-count";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, set } from "../../support/edits";

const nodes = (role: string, scalingConfig: unknown, clusterName: unknown = "serving") =>
  put(role, "aws:eks/nodeGroup:NodeGroup", {
    clusterName,
    subnetIds: ["subnet-1", "subnet-2"],
    scalingConfig,
  });

const ONE = { minSize: 1, desiredSize: 1, maxSize: 1 };

const elsewhere: Edit = (world) => {
  for (const [role, { type }] of Object.entries(world))
    if (type === "aws:eks/cluster:Cluster") delete world[role];
};

describeRule(eksNodeCount, {
  good: {
    "two at most": nodes("system", { minSize: 1, desiredSize: 1, maxSize: 2 }),
    "one of a cluster of another stack": [nodes("system", ONE), elsewhere],
    "one beside Karpenter": [
      nodes("system", ONE),
      put("pool", "kubernetes:karpenter.sh/v1:NodePool", { metadata: { name: "gpu" }, spec: {} }),
    ],
    "one of a cluster that makes its own": [
      nodes("system", ONE),
      set("cluster", "computeConfig.enabled", true),
    ],
    "one of two groups": [nodes("system", ONE), nodes("gpu", ONE)],
  },
  bad: { one: nodes("system", ONE), none: nodes("system", { minSize: 0, desiredSize: 0, maxSize: 0 }) },
  partial: {
    "one, and one of another cluster": [
      nodes("system", ONE),
      nodes("other", { ...ONE, maxSize: 3 }, "other"),
    ],
  },
  wrongType: { "a number as a text": nodes("system", { minSize: "1", desiredSize: "1", maxSize: "1" }) },
  notJudged: { "a text instead of settings": nodes("system", "one") },
  unknown: { size: nodes("system", { minSize: 1, desiredSize: 1, maxSize: UNKNOWN }) },
});
