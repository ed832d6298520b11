import { networkProblem } from "../internal/subnets";
import { Problems } from "../internal/validation";

/** Settings of a network that have a default. */
export interface NetworkSettings {
  /**
   * Addresses of the VPC, /16 to /22. Each zone's private subnet is a quarter of it.
   * @default "10.0.0.0/16"
   */
  readonly cidr?: string;
  /**
   * Availability zones to spread over, 2 or 3; as many as `availabilityZones` names where those are given.
   * @default 3
   */
  readonly zones?: number;
  /**
   * Names of the zones, 2 or 3, as in `["eu-central-1a", "eu-central-1b"]`. A subnet stays in the zone that it was made in: where
   * others are named later, a warning says so.
   * @default the first `zones` of the region's that EKS takes, without Local Zones
   */
  readonly availabilityZones?: readonly string[];
  /**
   * NAT gateways: one for each zone, so that a zone's loss does not cut off the others; a single, cheaper one; or none,
   * where nodes reach AWS through endpoints alone.
   * @default "one-per-zone"
   */
  readonly natGateways?: "one-per-zone" | "single" | "none";
  /**
   * AWS services that nodes reach without leaving the network, besides S3. Names as in `com.amazonaws.REGION.NAME`.
   * @default ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "sts"]
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * Days that flow logs are kept.
   * @default 365
   */
  readonly flowLogRetentionDays?: number;
  /**
   * Tags of every resource.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const NETWORK_DEFAULTS = {
  cidr: "10.0.0.0/16",
  zones: 3,
  natGateways: "one-per-zone",
  interfaceEndpoints: ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "sts"],
  flowLogRetentionDays: 365,
  tags: {},
} as const satisfies Required<Omit<NetworkSettings, "availabilityZones">>;

export type ResolvedNetwork = Required<Omit<NetworkSettings, "availabilityZones">> &
  Pick<NetworkSettings, "availabilityZones">;

/** Periods that CloudWatch Logs knows. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** A zone of a region itself: those of Local Zones and Wavelength Zones have a place in their names. */
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;

const NAT = ["one-per-zone", "single", "none"];

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveNetwork(name: string, args: NetworkSettings): ResolvedNetwork {
  const settings = {
    cidr: args.cidr ?? NETWORK_DEFAULTS.cidr,
    zones: args.zones ?? args.availabilityZones?.length ?? NETWORK_DEFAULTS.zones,
    ...(args.availabilityZones === undefined ? {} : { availabilityZones: args.availabilityZones }),
    natGateways: args.natGateways ?? NETWORK_DEFAULTS.natGateways,
    interfaceEndpoints: args.interfaceEndpoints ?? NETWORK_DEFAULTS.interfaceEndpoints,
    flowLogRetentionDays: args.flowLogRetentionDays ?? NETWORK_DEFAULTS.flowLogRetentionDays,
    tags: args.tags ?? NETWORK_DEFAULTS.tags,
  };
  const problems = new Problems("ServingNetwork", name);
  const problem = networkProblem(settings.cidr);
  if (problem !== undefined) problems.add("cidr", problem);
  checkZones(args, settings, problems);
  problems.check(
    NAT.includes(settings.natGateways),
    "natGateways",
    `"${settings.natGateways}" must be one of ${NAT.join(", ")}`,
  );
  settings.interfaceEndpoints.forEach((service, i) =>
    problems.check(
      /^[a-z0-9][a-z0-9.-]*$/.test(service) && settings.interfaceEndpoints.indexOf(service) === i,
      `interfaceEndpoints[${i}]`,
      `"${service}" must be the name of an AWS service, as in "ecr.api", and be there once`,
    ),
  );
  if (settings.natGateways === "none") {
    const missing = NETWORK_DEFAULTS.interfaceEndpoints.filter(
      (service) => !settings.interfaceEndpoints.includes(service),
    );
    problems.check(
      missing.length === 0,
      "interfaceEndpoints",
      `must have ${missing.join(", ")} too: without a NAT gateway nodes cannot join otherwise`,
    );
  }
  problems.check(
    RETENTION_DAYS.includes(settings.flowLogRetentionDays),
    "flowLogRetentionDays",
    `${settings.flowLogRetentionDays} must be one of ${RETENTION_DAYS.join(", ")}`,
  );
  problems.throwIfAny();
  return settings;
}

function checkZones(
  { availabilityZones, zones }: NetworkSettings,
  settings: ResolvedNetwork,
  problems: Problems,
): void {
  if (availabilityZones === undefined) {
    problems.check(settings.zones === 2 || settings.zones === 3, "zones", `${settings.zones} must be 2 or 3`);
    return;
  }
  const count = availabilityZones.length;
  problems.check(count === 2 || count === 3, "availabilityZones", `must name 2 or 3 zones, not ${count}`);
  problems.check(
    zones === undefined || zones === count,
    "zones",
    `${zones} must be ${count}, as many as \`availabilityZones\` names, or be left out`,
  );
  availabilityZones.forEach((zone, i) =>
    problems.check(
      ZONE.test(zone) && availabilityZones.indexOf(zone) === i,
      `availabilityZones[${i}]`,
      `"${zone}" must be the name of a region's zone, as in "eu-central-1a", and be there once`,
    ),
  );
}
