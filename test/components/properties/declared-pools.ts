import { GpuNodePool, type GpuNodePoolArgs } from "../../../components";
import { declare } from "../support/declared";
import type { Given } from "./dry-run";

const CLUSTER = {
  clusterName: "serving",
  nodeSubnetIds: ["subnet-a", "subnet-b"],
  nodeRoleArn: "arn:aws:iam::123456789012:role/node",
  nodeRoleName: "node",
  securityGroupId: "sg-cluster",
};

/** What pools can differ in; each is taken by itself, with the AMIs and the kinds of capacity that do not exclude it. */
const VARIANTS: readonly Partial<GpuNodePoolArgs>[] = [
  {},
  { instanceTypes: ["g5g.xlarge"] },
  { instanceTypes: ["g6.xlarge", "g6.12xlarge"], maxNodes: 9, rootVolumeGiB: 500 },
  { labels: { team: "vision" }, taints: [{ key: "team", value: "vision", effect: "NoSchedule" }] },
  { tags: { "cost centre": "a/b" } },
];

/** The objects of Karpenter's that GPU node pools become. */
export async function declarePools(): Promise<Given[]> {
  const pools = (["al2023", "bottlerocket"] as const).flatMap((ami) =>
    (["on-demand", "spot"] as const).flatMap((capacity) =>
      VARIANTS.map((variant): GpuNodePoolArgs => ({
        instanceTypes: ["g6.xlarge"],
        ...variant,
        ami,
        capacity,
        cluster: CLUSTER,
        provisioner: "karpenter",
      })),
    ),
  );
  const { resources } = await declare(() => pools.forEach((args, i) => new GpuNodePool(`pool${i}`, args)));
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ name, inputs }) => ({
      role: name,
      object: inputs,
      asked: JSON.stringify(pools[Number(/\d+/.exec(name)![0])]),
    }));
}
