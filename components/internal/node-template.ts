import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate";
import type * as pulumi from "@pulumi/pulumi";

/** Metadata by session token only, and out of pods' reach. */
export const NODE_METADATA = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
} as const;

type Ami = "al2023" | "bottlerocket";

/** GiB of Bottlerocket's own system, as its images have it. */
const BOTTLEROCKET_SYSTEM_GIB = 4;

/**
 * Volumes of a node; the last is the one that images and pods write to. Bottlerocket's system has a volume of its own before it, which
 * is as the image says unless it is named: not encrypted.
 */
export function nodeVolumes(ami: Ami, gib: number): { readonly deviceName: string; readonly gib: number }[] {
  if (ami === "al2023") return [{ deviceName: "/dev/xvda", gib }];
  return [
    { deviceName: "/dev/xvda", gib: BOTTLEROCKET_SYSTEM_GIB },
    { deviceName: "/dev/xvdb", gib },
  ];
}

export interface NodeTemplateSpec {
  /** GiB of the volume that images and pods write to. */
  readonly rootVolumeGiB: number;
  readonly ami: Ami;
  /** Key of the volumes; AWS' own for EBS where left out. */
  readonly kmsKeyId?: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** What else the launch template has. */
  readonly extra?: Partial<LaunchTemplateArgs>;
}

/**
 * How every node starts: encrypted gp3 volumes, instance metadata by session token only and out of pods' reach (hop limit 1), no
 * key pair, tags on what is started.
 */
export function createNodeTemplate(
  name: string,
  { rootVolumeGiB, ami, kmsKeyId, tags, extra }: NodeTemplateSpec,
  opts: pulumi.CustomResourceOptions,
): LaunchTemplate {
  const named = { ...tags, Name: name };
  return new LaunchTemplate(
    name,
    {
      updateDefaultVersion: true,
      metadataOptions: NODE_METADATA,
      monitoring: { enabled: true },
      blockDeviceMappings: nodeVolumes(ami, rootVolumeGiB).map(({ deviceName, gib }) => ({
        deviceName,
        ebs: {
          volumeType: "gp3",
          volumeSize: gib,
          encrypted: "true",
          kmsKeyId,
          deleteOnTermination: "true",
        },
      })),
      tagSpecifications: [
        { resourceType: "instance", tags: named },
        { resourceType: "volume", tags: named },
      ],
      tags: named,
      ...extra,
    },
    opts,
  );
}
