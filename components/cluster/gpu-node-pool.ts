import { PlacementGroup } from "@pulumi/aws/ec2/placementGroup";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { bottlerocketSettings } from "../internal/bottlerocket";
import { fabricInterfaces } from "../internal/gpu-fabric";
import {
  gpuCapacity,
  gpuInstanceType,
  resourceName,
  selfSharingLabels,
  sharingLabels,
} from "../internal/gpu-sharing";
import { nodeClassSpec, nodePoolSpec, type KarpenterPool } from "../internal/karpenter";
import { GPU_OPERANDS, GPU_PRESENT, GPU_TAINT, POOL_LABEL } from "../internal/node-marks";
import { createNodeTemplate } from "../internal/node-template";
import { subnetsOfZone } from "../internal/zone-subnets";
import { resolvePool } from "./pool-checks";
import type { PoolSettings, ResolvedPool, Taint } from "./pool-settings";
import type { ClusterReference } from "./serving-cluster";

/** Inputs of a GpuNodePool; the settings of PoolSettings have defaults of their own. */
export interface GpuNodePoolArgs extends PoolSettings {
  /** The cluster that nodes join; not for `existing`. */
  readonly cluster?: ClusterReference;
  /**
   * For `karpenter`: how its objects reach the cluster.
   * @default the program's own provider
   */
  readonly provider?: Provider;
  /**
   * ARN of the key that nodes' volumes are encrypted with. For `karpenter` its role must be allowed to use it: name it in `volumeKeyArns`
   * of PlatformServices too. For `eks` the account's role for EC2 Auto Scaling starts nodes, which IAM cannot allow anything: without
   * these two statements in the key's own policy no node ever starts.
   * `{ "Effect": "Allow", "Resource": "*",
   * "Principal": { "AWS": "arn:aws:iam::ACCOUNT:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling" },
   * "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"] }`, and with the same principal
   * `{ "Effect": "Allow", "Resource": "*", "Action": "kms:CreateGrant",
   * "Condition": { "Bool": { "kms:GrantIsForAWSResource": "true" } } }`.
   * @default AWS' own for EBS
   */
  readonly kmsKeyId?: pulumi.Input<string>;
}

const AMI_TYPE = {
  al2023: { amd64: "AL2023_x86_64_NVIDIA", arm64: "AL2023_ARM_64_NVIDIA" },
  bottlerocket: { amd64: "BOTTLEROCKET_x86_64_NVIDIA", arm64: "BOTTLEROCKET_ARM_64_NVIDIA" },
} as const;

const CAPACITY_TYPE = { "on-demand": "ON_DEMAND", spot: "SPOT", "capacity-block": "CAPACITY_BLOCK" } as const;

const TAINT_EFFECT = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;

/**
 * Nodes with NVIDIA GPUs, tainted for pods that ask for them, with encrypted disks and metadata out of pods' reach. Says what
 * pods must ask the scheduler for and how much there can be, so that a service that cannot fit is refused at preview.
 *
 * A group of EKS (`provisioner: "eks"`) has `minNodes` nodes, since nothing here adds any: `maxNodes` is the ceiling for an autoscaler
 * of your own, and counts where `autoscaled` says that there is one. Karpenter makes nodes for the pods that wait, from none to
 * `maxNodes`.
 *
 * @example
 * const cluster = new ServingCluster("serving", { network: new ServingNetwork("serving") });
 * const pool = new GpuNodePool("a10g", {
 *   cluster,
 *   instanceTypes: ["g5.xlarge"],
 *   minNodes: 2,
 *   maxNodes: 4,
 *   sharing: { mode: "time-slicing", replicas: 4 },
 * });
 * export const unitsThatPodsMayAskFor = pool.maxUnits;
 */
export class GpuNodePool extends pulumi.ComponentResource {
  /** Extended resource that pods ask for, as in `nvidia.com/gpu` or `nvidia.com/mig-1g.10gb`. */
  readonly resourceName: string;
  /**
   * Units of it that all nodes have which there are, or which somebody adds: of the smallest type, where there are several, as nobody
   * knows which one comes.
   */
  readonly maxUnits: number;
  /** What that would be if something added nodes up to `maxNodes`. */
  readonly unitsIfScaled: number;
  /** Units of it on one node of the smallest type. */
  readonly unitsPerNode: number;
  /** Units that one pod may ask for: those of a node, or a single one where pods share GPUs. */
  readonly unitsPerPod: number;
  /** Whether a node may have to be started for a pod; those of a group of EKS are there once the pool is. */
  readonly startsNodes: boolean;
  /** Labels by which pods find these nodes. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** What pods must tolerate to be placed here. */
  readonly tolerations: readonly { key: string; operator: string; value?: string; effect: string }[];
  readonly settings: ResolvedPool;

  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:GpuNodePool", name, {}, opts);
    const settings = resolvePool(name, args, args.cluster !== undefined);
    const existing = settings.provisioner === "existing";
    this.settings = settings;
    this.resourceName = resourceName(settings.sharing);
    this.unitsPerNode = unitsPerNode(settings);
    const { mode } = settings.sharing;
    this.unitsPerPod = mode === "time-slicing" || mode === "mps" ? 1 : this.unitsPerNode;
    this.unitsIfScaled = this.unitsPerNode * settings.maxNodes;
    this.maxUnits = this.unitsPerNode * countedNodes(settings);
    this.startsNodes = startsNodes(settings);
    this.nodeSelector = existing ? settings.nodeSelector : { [POOL_LABEL]: name };
    const taints = [GPU_TAINT, ...settings.taints.filter((taint) => !isGpuTaint(taint))];
    this.tolerations = taints.map(({ key, value, effect }) =>
      existing || value === undefined
        ? { key, operator: "Exists", effect }
        : { key, operator: "Equal", value, effect },
    );

    const labels = {
      ...settings.labels,
      // Bottlerocket shares and cuts GPUs itself: a second device plugin would take the first one's place.
      ...(settings.ami === "bottlerocket"
        ? { [GPU_OPERANDS]: "false", ...selfSharingLabels(settings.sharing) }
        : sharingLabels(settings.sharing)),
      [GPU_PRESENT]: "true",
      [POOL_LABEL]: name,
    };
    if (args.cluster && settings.provisioner === "eks") {
      this.createNodeGroup(name, args.cluster, args.kmsKeyId, labels, taints);
    } else if (args.cluster && settings.provisioner === "karpenter") {
      this.createKarpenterPool(name, args.cluster, args, labels, taints);
    }
    this.registerOutputs({ resourceName: this.resourceName, maxUnits: this.maxUnits });
  }

  private createNodeGroup(
    name: string,
    cluster: ClusterReference,
    kmsKeyId: pulumi.Input<string> | undefined,
    labels: Readonly<Record<string, string>>,
    taints: readonly Taint[],
  ): void {
    const { instanceTypes, capacity, ami, arch, rootVolumeGiB, efa, tags } = this.settings;
    const { minNodes, maxNodes, availabilityZone, autoscaled } = this.settings;
    const template = createNodeTemplate(
      `${name}-template`,
      {
        rootVolumeGiB,
        ami,
        kmsKeyId,
        tags,
        extra: {
          ...this.encodedUserData(),
          ...this.purchase(),
          ...(efa ? this.fabric(name, cluster) : {}),
        },
      },
      { parent: this },
    );
    new NodeGroup(
      `${name}-nodes`,
      {
        clusterName: cluster.clusterName,
        nodeRoleArn: cluster.nodeRoleArn,
        subnetIds:
          availabilityZone === undefined
            ? [...cluster.nodeSubnetIds]
            : subnetsOfZone(name, availabilityZone, cluster.nodeSubnetIds, { parent: this }),
        amiType: AMI_TYPE[ami][arch],
        capacityType: CAPACITY_TYPE[capacity],
        // A capacity block's type stands in the launch template, and AWS takes it in one place only.
        instanceTypes: capacity === "capacity-block" ? undefined : [...instanceTypes],
        scalingConfig: { minSize: minNodes, desiredSize: minNodes, maxSize: maxNodes },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        labels: { ...labels },
        taints: taints.map(({ key, value, effect }) => ({ key, value, effect: TAINT_EFFECT[effect] })),
        tags: { ...tags },
      },
      // The number of nodes is then the autoscaler's: an update that set it would end nodes with pods on them.
      { parent: this, ...(autoscaled ? { ignoreChanges: ["scalingConfig.desiredSize"] } : {}) },
    );
  }

  private userData(): string | undefined {
    const { ami, sharing, instanceTypes } = this.settings;
    return ami === "bottlerocket" ? bottlerocketSettings(sharing, instanceTypes) : undefined;
  }

  private encodedUserData(): Partial<LaunchTemplateArgs> {
    const text = this.userData();
    return text === undefined ? {} : { userData: Buffer.from(text).toString("base64") };
  }

  private purchase(): Partial<LaunchTemplateArgs> {
    const { capacity, capacityReservationId, instanceTypes } = this.settings;
    if (capacityReservationId === undefined) return {};
    return {
      capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId } },
      ...(capacity === "capacity-block"
        ? { instanceType: instanceTypes[0]!, instanceMarketOptions: { marketType: "capacity-block" } }
        : {}),
    };
  }

  /** An interface of EFA on every network card that has one, and nodes close to each other. */
  private fabric(name: string, cluster: ClusterReference): Partial<LaunchTemplateArgs> {
    const { instanceTypes, tags } = this.settings;
    const group = new PlacementGroup(
      `${name}-placement`,
      { strategy: "cluster", tags: { ...tags, Name: name } },
      { parent: this },
    );
    return {
      placement: { groupName: group.name },
      networkInterfaces: fabricInterfaces(instanceTypes, cluster.securityGroupId),
    };
  }

  private createKarpenterPool(
    name: string,
    cluster: ClusterReference,
    { kmsKeyId, provider }: GpuNodePoolArgs,
    labels: Readonly<Record<string, string>>,
    taints: readonly Taint[],
  ): void {
    const { settings } = this;
    const { instanceTypes, maxNodes } = settings;
    const most = Math.max(...instanceTypes.map((type) => gpuInstanceType(type)?.count ?? 0));
    const pool: KarpenterPool = {
      ...settings,
      name,
      nodeRoleName: cluster.nodeRoleName,
      subnetIds: cluster.nodeSubnetIds,
      securityGroupId: cluster.securityGroupId,
      kmsKeyId,
      userData: this.userData(),
      labels,
      taints,
      gpuLimit: most * maxNodes,
    };
    const opts = { parent: this, provider };
    const nodeClass = new CustomResource(
      `${name}-class`,
      {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        metadata: { name },
        spec: nodeClassSpec(pool),
      },
      opts,
    );
    new CustomResource(
      `${name}-pool`,
      { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name }, spec: nodePoolSpec(pool) },
      { ...opts, dependsOn: [nodeClass] },
    );
  }
}

/** Nodes whose GPUs pods can count on; a capacity block that has not begun brings its own. */
function countedNodes({ provisioner, autoscaled, minNodes, maxNodes }: ResolvedPool): number {
  return provisioner === "eks" && !autoscaled && minNodes > 0 ? minNodes : maxNodes;
}

/** A capacity block that has not begun has no nodes yet. */
function startsNodes({ provisioner, autoscaled, minNodes }: ResolvedPool): boolean {
  return provisioner === "karpenter" || (provisioner === "eks" && (autoscaled || minNodes === 0));
}

/** Existing nodes may be said to have the taint that every pool's have. */
const isGpuTaint = ({ key, effect }: Taint): boolean => key === GPU_TAINT.key && effect === GPU_TAINT.effect;

function unitsPerNode(settings: ResolvedPool): number {
  const { provisioner, sharing, instanceTypes, gpusPerNode } = settings;
  if (provisioner === "existing") return gpusPerNode * (sharing.replicas ?? 1);
  return Math.min(...Object.values(gpuCapacity(sharing, instanceTypes).perNode));
}
