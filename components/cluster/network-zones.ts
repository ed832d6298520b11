import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";

/**
 * Zones that EKS takes no subnets of for its control plane, by the ID that is the same in every account (EKS user guide, "View Amazon
 * EKS networking requirements for VPC and subnets").
 */
const NOT_FOR_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/**
 * Zones that an account has without opting in: neither Local Zones nor Wavelength Zones, which EKS does not take either. Whatever state
 * they are in: a zone's outage is no reason to refuse an update of what lies in all of them.
 */
const USABLE = {
  filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  excludeZoneIds: NOT_FOR_EKS,
};

/**
 * Names of the zones of a network, one for each of its parts: those that were asked for, or the first of the region. Fewer where the
 * network is there already, and its region has no more.
 */
export function networkZones(
  network: string,
  { zones, availabilityZones }: { readonly zones: number; readonly availabilityZones?: readonly string[] },
  vpcId: pulumi.Output<string>,
  component: pulumi.Resource,
): pulumi.Output<readonly string[]> {
  if (availabilityZones !== undefined) return pulumi.output([...availabilityZones]);
  const { names } = getAvailabilityZonesOutput(USABLE, { parent: component });
  return pulumi.all([names, isThere(vpcId)]).apply(([found, live]) => {
    if (!live || found.length >= zones) return firstZones(network, zones, found);
    void pulumi.log.warn(
      `ServingNetwork "${network}": some of its ${zones} subnets of a kind share a zone: of this region's zones EKS takes ${listed(found)}.`,
      component,
    );
    return found;
  });
}

/** Whether there is a network already: at a preview, only what is there has an ID. */
async function isThere(vpcId: pulumi.Output<string>): Promise<boolean> {
  const { id } = await pulumi.runtime.serializeProperties("network", { id: vpcId });
  return id !== pulumi.runtime.unknownValue;
}

const listed = (zones: readonly string[]): string => zones.join(", ") || "none";

/**
 * The zones to take of those that AWS lists.
 * @throws RunError where they are too few
 */
export function firstZones(network: string, zones: number, found: readonly string[]): readonly string[] {
  if (found.length >= zones) return found.slice(0, zones);
  throw new pulumi.RunError(
    `ServingNetwork "${network}": \`zones\` (${zones}) must be at most ${found.length}: of this region's zones EKS takes ${listed(found)}; ask for fewer, or name them in \`availabilityZones\``,
  );
}

/**
 * The zone of a network's next subnet: the one in its place, or, where an older subnet lies there, the first that none of them has.
 * Undefined where none is left, so that AWS chooses.
 * @param taken zones of the subnets before it: those that are there may have been made when AWS listed others
 */
export function nextZone(zones: readonly string[], taken: readonly string[]): string | undefined {
  const free = zones.filter((zone) => !taken.includes(zone));
  const own = zones[taken.length];
  return own !== undefined && free.includes(own) ? own : free[0];
}

/** A subnet stays where it was made: says so where other zones were named since. */
export function warnOfOtherZone(
  subnet: string,
  zone: string,
  named: readonly string[],
  resource: pulumi.Resource,
): void {
  if (named.includes(zone)) return;
  void pulumi.log.warn(
    `Subnet "${subnet}" stays in ${zone}, which is not among the \`availabilityZones\` that are named (${named.join(", ")}): subnets are never moved, since what is in them would go. Make another ServingNetwork in these zones.`,
    resource,
  );
}
