import { isArm, isInstanceType } from "../internal/instance-type-names";
import { privateRange } from "../internal/private-ranges";
import { isIpv4Cidr } from "../internal/references";
import { checkTags } from "../internal/tags";
import { Problems } from "../internal/validation";
import { RETENTION_DAYS } from "./network-settings";

/** Nodes for what a cluster needs itself: DNS, controllers, the gateway's proxies. */
export interface SystemNodes {
  /**
   * x86 types of EC2, 20 at most.
   * @default ["m7i.large", "m6i.large"]
   */
  readonly instanceTypes?: readonly string[];
  /**
   * Nodes that there are: nothing here adds any.
   * @default 2
   */
  readonly minNodes?: number;
  /**
   * Nodes at most, for an autoscaler of your own.
   * @default 4
   */
  readonly maxNodes?: number;
  /**
   * GiB of the encrypted root volume.
   * @default 50
   */
  readonly rootVolumeGiB?: number;
}

/** Settings of a cluster that have a default. */
export interface ClusterSettings {
  /**
   * Kubernetes version.
   * @default "1.35"
   */
  readonly version?: string;
  /**
   * ARNs of IAM roles that administer the cluster, besides whoever creates it.
   * @default []
   */
  readonly administrators?: readonly string[];
  /**
   * Whether the identity that creates the cluster administers it. Without it, the identity that deploys must be one of the
   * `administrators`.
   * @default true
   */
  readonly creatorAdministers?: boolean;
  /**
   * Addresses from which the API server can be reached over the internet; none keeps it inside the network.
   * @default []
   */
  readonly publicAccessCidrs?: readonly string[];
  /**
   * Days that control-plane logs are kept.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses the cluster's deletion until it is turned off.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * The system node group.
   * @default {}
   */
  readonly systemNodes?: SystemNodes;
  /**
   * Versions of EKS add-ons by name, as in `{ coredns: "v1.12.3-eksbuild.1" }`; others have the version that EKS pairs with the
   * cluster's.
   * @default {}
   */
  readonly addonVersions?: Readonly<Record<string, string>>;
  /**
   * Tags of every resource.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const CLUSTER_DEFAULTS = {
  version: "1.35",
  administrators: [],
  creatorAdministers: true,
  publicAccessCidrs: [],
  logRetentionDays: 365,
  deletionProtection: true,
  addonVersions: {},
  tags: {},
} as const satisfies Omit<Required<ClusterSettings>, "systemNodes">;

/** Defaults of the system node group. */
export const SYSTEM_NODES_DEFAULTS = {
  instanceTypes: ["m7i.large", "m6i.large"],
  minNodes: 2,
  maxNodes: 4,
  rootVolumeGiB: 50,
} as const satisfies Required<SystemNodes>;

/** The add-ons that every serving cluster has. */
export const ADDONS = [
  "vpc-cni",
  "kube-proxy",
  "eks-pod-identity-agent",
  "coredns",
  "aws-ebs-csi-driver",
] as const;

export type ResolvedCluster = Required<Omit<ClusterSettings, "systemNodes">> & {
  readonly systemNodes: Required<SystemNodes>;
};

/** GiB of a gp3 volume. */
const LARGEST_VOLUME = 16_384;

/** Types of one managed node group. */
const MOST_TYPES = 20;

/** A range this wide is everyone, whatever its spelling. */
const WIDEST_PREFIX = 8;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveCluster(name: string, args: ClusterSettings): ResolvedCluster {
  const nodes = args.systemNodes ?? {};
  const settings: ResolvedCluster = {
    version: args.version ?? CLUSTER_DEFAULTS.version,
    administrators: args.administrators ?? CLUSTER_DEFAULTS.administrators,
    creatorAdministers: args.creatorAdministers ?? CLUSTER_DEFAULTS.creatorAdministers,
    publicAccessCidrs: args.publicAccessCidrs ?? CLUSTER_DEFAULTS.publicAccessCidrs,
    logRetentionDays: args.logRetentionDays ?? CLUSTER_DEFAULTS.logRetentionDays,
    deletionProtection: args.deletionProtection ?? CLUSTER_DEFAULTS.deletionProtection,
    addonVersions: args.addonVersions ?? CLUSTER_DEFAULTS.addonVersions,
    tags: args.tags ?? CLUSTER_DEFAULTS.tags,
    systemNodes: {
      instanceTypes: nodes.instanceTypes ?? SYSTEM_NODES_DEFAULTS.instanceTypes,
      minNodes: nodes.minNodes ?? SYSTEM_NODES_DEFAULTS.minNodes,
      maxNodes: nodes.maxNodes ?? SYSTEM_NODES_DEFAULTS.maxNodes,
      rootVolumeGiB: nodes.rootVolumeGiB ?? SYSTEM_NODES_DEFAULTS.rootVolumeGiB,
    },
  };
  const problems = new Problems("ServingCluster", name);
  problems.check(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name),
    "name",
    `"${name}" must be 1 to 100 letters, digits, "-" or "_": the cluster is called so`,
  );
  check(settings, problems);
  problems.throwIfAny();
  return settings;
}

function check(settings: ResolvedCluster, problems: Problems): void {
  const { version, administrators, publicAccessCidrs, logRetentionDays, addonVersions, systemNodes } =
    settings;
  problems.check(/^1\.\d{2}$/.test(version), "version", `"${version}" must be as in "1.35"`);
  administrators.forEach((arn, i) =>
    problems.check(
      /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/.test(arn),
      `administrators[${i}]`,
      `"${arn}" must be the ARN of an IAM role or user`,
    ),
  );
  problems.check(
    settings.creatorAdministers || administrators.length > 0,
    "administrators",
    "must name at least one where `creatorAdministers` is false: nobody could reach the cluster",
  );
  publicAccessCidrs.forEach((cidr, i) => {
    const narrow = isIpv4Cidr(cidr) && Number(cidr.split("/")[1]) >= WIDEST_PREFIX;
    problems.check(
      narrow,
      `publicAccessCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range of /${WIDEST_PREFIX} or narrower: the API server is never open to everyone`,
    );
    const inside = narrow ? privateRange(cidr) : undefined;
    problems.check(
      inside === undefined,
      `publicAccessCidrs[${i}]`,
      `"${cidr}" has private addresses (${inside}), which EKS refuses: nobody comes from them over the internet`,
    );
  });
  problems.check(
    RETENTION_DAYS.includes(logRetentionDays),
    "logRetentionDays",
    `${logRetentionDays} must be one of ${RETENTION_DAYS.join(", ")}`,
  );
  for (const addon of Object.keys(addonVersions)) {
    const known = (ADDONS as readonly string[]).includes(addon);
    problems.check(
      known,
      `addonVersions.${addon}`,
      `there is no such add-on; there are ${ADDONS.join(", ")}`,
    );
  }
  checkTags(settings.tags, 1, problems);
  checkSystemNodes(systemNodes, problems);
}

function checkSystemNodes(nodes: Required<SystemNodes>, problems: Problems): void {
  const { instanceTypes, minNodes, maxNodes, rootVolumeGiB } = nodes;
  const path = "systemNodes.instanceTypes";
  problems.check(instanceTypes.length > 0, path, "must name at least one type");
  problems.check(
    instanceTypes.length <= MOST_TYPES,
    path,
    `${instanceTypes.length} types must be at most ${MOST_TYPES}`,
  );
  instanceTypes.forEach((name, i) => {
    const at = `${path}[${i}]`;
    problems.check(isInstanceType(name), at, `"${name}" must be an EC2 type, as in m7i.large`);
    problems.check(!isArm(name), at, `"${name}" has an Arm processor; the system nodes' image is for x86`);
    problems.check(instanceTypes.indexOf(name) === i, at, `"${name}" is there twice`);
  });
  problems.check(
    Number.isInteger(minNodes) && minNodes >= 1 && Number.isInteger(maxNodes) && maxNodes >= minNodes,
    "systemNodes",
    `\`minNodes\` (${minNodes}) must be at least 1 and \`maxNodes\` (${maxNodes}) not less`,
  );
  problems.check(
    Number.isInteger(rootVolumeGiB) && rootVolumeGiB >= 20 && rootVolumeGiB <= LARGEST_VOLUME,
    "systemNodes.rootVolumeGiB",
    `${rootVolumeGiB} must be a whole number from 20 to ${LARGEST_VOLUME}`,
  );
}
