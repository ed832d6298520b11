import { getSubnetOutput } from "@pulumi/aws/ec2/getSubnet";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "./validation";

interface Subnet {
  readonly id: string;
  readonly availabilityZone: string;
}

/** Those of a cluster's subnets that lie in a pool's zone; where there are none is said once the subnets are known. */
export function subnetsOfZone(
  pool: string,
  zone: string,
  subnetIds: readonly pulumi.Input<string>[],
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string[]> {
  const subnets = subnetIds.map((id) =>
    pulumi.output({ id, availabilityZone: getSubnetOutput({ id }, opts).availabilityZone }),
  );
  return pulumi.all(subnets).apply((found) => idsInZone(pool, zone, found));
}

/** @throws InputPropertiesError where there is none. */
export function idsInZone(pool: string, zone: string, subnets: readonly Subnet[]): string[] {
  const ids = subnets.filter(({ availabilityZone }) => availabilityZone === zone).map(({ id }) => id);
  const zones = [...new Set(subnets.map(({ availabilityZone }) => availabilityZone))].join(", ");
  const problems = new Problems("GpuNodePool", pool);
  const reason = `"${zone}" has none of the cluster's subnets for nodes; they are in ${zones}`;
  problems.check(ids.length > 0, "availabilityZone", reason);
  problems.throwIfAny();
  return ids;
}
