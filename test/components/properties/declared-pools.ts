import * as fc from "fast-check";
import { GpuNodePool } from "../../../components";
import { declare } from "../support/declared";
import { arbitraryKarpenterPool } from "./arbitrary-pool";
import type { Given } from "./dry-run";

/** A cluster with subnets in two zones. */
export const POOL_CLUSTER = {
  clusterName: "serving",
  nodeSubnetIds: ["subnet-a", "subnet-b"],
  nodeRoleArn: "arn:aws:iam::123456789012:role/node",
  nodeRoleName: "node",
  securityGroupId: "sg-cluster",
};

const SAMPLES = 30;

/** The objects of Karpenter's that GPU node pools become. */
export async function declarePools(): Promise<Given[]> {
  const pools = fc.sample(arbitraryKarpenterPool, SAMPLES);
  const { resources } = await declare(() =>
    pools.forEach((settings, i) => new GpuNodePool(`pool${i}`, { ...settings, cluster: POOL_CLUSTER })),
  );
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ name, inputs }) => ({
      role: name,
      object: inputs,
      asked: JSON.stringify(pools[Number(/\d+/.exec(name)![0])]),
    }));
}
