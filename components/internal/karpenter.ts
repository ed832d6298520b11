import type * as pulumi from "@pulumi/pulumi";
import { NODE_METADATA, nodeVolumes } from "./node-template";

/** What Karpenter's two objects are made from. */
export interface KarpenterPool {
  readonly name: string;
  readonly nodeRoleName: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  readonly instanceTypes: readonly string[];
  readonly arch: string;
  readonly availabilityZone: string | undefined;
  readonly capacity: "on-demand" | "spot" | "capacity-block";
  readonly capacityReservationId: string | undefined;
  readonly ami: "al2023" | "bottlerocket";
  readonly rootVolumeGiB: number;
  readonly kmsKeyId: pulumi.Input<string> | undefined;
  readonly userData: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** GPUs that the pool may have in all. */
  readonly gpuLimit: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Durations as Karpenter writes them. */
const UNUSED_AFTER = "10m";
const EXPIRE_AFTER = "336h";

/** EC2NodeClass: how a node starts. */
export function nodeClassSpec(pool: KarpenterPool): object {
  return {
    amiSelectorTerms: [{ alias: `${pool.ami}@latest` }],
    role: pool.nodeRoleName,
    subnetSelectorTerms: pool.subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: [{ id: pool.securityGroupId }],
    metadataOptions: NODE_METADATA,
    blockDeviceMappings: nodeVolumes(pool.ami, pool.rootVolumeGiB).map(({ deviceName, gib }) => ({
      deviceName,
      ebs: {
        volumeType: "gp3",
        volumeSize: `${gib}Gi`,
        encrypted: true,
        deleteOnTermination: true,
        ...(pool.kmsKeyId === undefined ? {} : { kmsKeyID: pool.kmsKeyId }),
      },
    })),
    ...(pool.capacityReservationId === undefined
      ? {}
      : { capacityReservationSelectorTerms: [{ id: pool.capacityReservationId }] }),
    ...(pool.userData === undefined ? {} : { userData: pool.userData }),
    tags: { ...pool.tags, Name: pool.name },
  };
}

/** NodePool: which nodes there may be. */
export function nodePoolSpec(pool: KarpenterPool): object {
  const requirement = (key: string, values: readonly string[]) => ({ key, operator: "In", values });
  const capacityTypes =
    pool.capacity === "spot"
      ? ["spot"]
      : pool.capacityReservationId !== undefined
        ? ["reserved"]
        : ["on-demand"];
  return {
    template: {
      metadata: { labels: pool.labels },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: pool.name },
        expireAfter: EXPIRE_AFTER,
        taints: pool.taints,
        requirements: [
          requirement("node.kubernetes.io/instance-type", pool.instanceTypes),
          requirement("kubernetes.io/arch", [pool.arch]),
          requirement("karpenter.sh/capacity-type", capacityTypes),
          ...(pool.availabilityZone === undefined
            ? []
            : [requirement("topology.kubernetes.io/zone", [pool.availabilityZone])]),
        ],
      },
    },
    // Only empty nodes go: moving a model between GPUs costs a load, and a shared node is never full by itself.
    disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: UNUSED_AFTER },
    limits: { "nvidia.com/gpu": String(pool.gpuLimit) },
  };
}
