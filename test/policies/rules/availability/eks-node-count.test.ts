import { UNKNOWN } from "../../../../policies/testing";
import { eksNodeCount } from "../../../../policies/rules/availability/eks-node-count";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const nodes = (role: string, scalingConfig: unknown, clusterName: unknown = "serving") =>
  put(role, "aws:eks/nodeGroup:NodeGroup", {
    clusterName,
    subnetIds: ["subnet-1", "subnet-2"],
    scalingConfig,
  });

const ONE = { minSize: 1, desiredSize: 1, maxSize: 1 };

describeRule(eksNodeCount, {
  good: {
    "two at most": nodes("system", { minSize: 1, desiredSize: 1, maxSize: 2 }),
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
