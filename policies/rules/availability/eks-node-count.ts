import { groupBy } from "../../model/group-by";
import type { StackRule } from "../../model/rule";
import { asNumber } from "../../model/scalars";
import type { Subject } from "../../model/subject";
import { ask, UnknownRead } from "../../model/unknown";

const GROUP = "aws:eks/nodeGroup:NodeGroup";

/** What makes nodes by itself, or runs pods without any. */
const MAKE_NODES = [
  "kubernetes:karpenter.sh/*:NodePool",
  "aws:eks/*:FargateProfile",
  "aws:autoscaling/*:Group",
] as const;

/** What the groups of one cluster say it is: its name, or where that comes from while nobody knows it. */
function clusterOf({ fields, dependencies }: Subject): string {
  const name = fields.get("clusterName");
  return name.isUnknown ? (dependencies?.["clusterName"] ?? []).join() : (name.string() ?? "");
}

export const eksNodeCount: StackRule = {
  id: "eks-node-count",
  title: "A cluster may have more nodes than one",
  severity: "low",
  description:
    "With a single node every update of its image, and every fault of its machine, takes down all that runs on the cluster.",
  remediation: "scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 }",
  types: [GROUP],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const declared = stack.ofTypes(["aws:eks/*:Cluster"]);
    // A cluster of another stack has nodes that are not seen here, and one with these has nodes that nobody declares.
    if (declared.length === 0 || stack.has(MAKE_NODES)) return;
    const makesItsOwn = ask(() =>
      declared.some(({ fields }) => fields.get("computeConfig", "enabled").isTrue()),
    );
    const clusters = groupBy(stack.ofTypes([GROUP]), clusterOf);
    for (const groups of clusters.values()) {
      const [first, ...others] = groups;
      if (others.length > 0) continue;
      verdict.judge(first!, () => {
        if (makesItsOwn instanceof UnknownRead) throw makesItsOwn;
        if (makesItsOwn) return;
        if (asNumber(first!.fields.get("scalingConfig", "maxSize")) <= 1)
          verdict.fail(
            first!,
            "must be allowed a second node: `scalingConfig.maxSize` is all that the cluster has.",
          );
      });
    }
  },
};
