import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";

/**
 * Zones that EKS takes no subnets of for its control plane, by the ID that is the same in every account (EKS user guide, "View Amazon
 * EKS networking requirements for VPC and subnets").
 */
const NOT_FOR_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Zones that an account has without opting in: neither Local Zones nor Wavelength Zones, which EKS does not take either. */
const USABLE = {
  state: "available",
  filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  excludeZoneIds: NOT_FOR_EKS,
};

/** Names of the zones of a network, one for each of its parts: those that were asked for, or the first of the region. */
export function networkZones(
  network: string,
  { zones, availabilityZones }: { readonly zones: number; readonly availabilityZones?: readonly string[] },
  component: pulumi.Resource,
): pulumi.Output<readonly string[]> {
  if (availabilityZones !== undefined) return pulumi.output([...availabilityZones]);
  const { names } = getAvailabilityZonesOutput(USABLE, { parent: component });
  return names.apply((found) => firstZones(network, zones, found));
}

/**
 * The zones to take of those that AWS lists.
 * @throws RunError where they are too few
 */
export function firstZones(network: string, zones: number, found: readonly string[]): readonly string[] {
  if (found.length >= zones) return found.slice(0, zones);
  throw new pulumi.RunError(
    `ServingNetwork "${network}": \`zones\` (${zones}) must be at most ${found.length}: of this region's zones EKS takes ${found.join(", ") || "none"}; ask for fewer, or name them in \`availabilityZones\``,
  );
}
