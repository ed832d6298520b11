import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate";
import type * as pulumi from "@pulumi/pulumi";

/** Metadata by session token only, and out of pods' reach. */
export const NODE_METADATA = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
} as const;

/** Device of the volume that images and pods write to; Bottlerocket's system has a volume of its own before it. */
export function rootDevice(ami: "al2023" | "bottlerocket"): string {
  return ami === "al2023" ? "/dev/xvda" : "/dev/xvdb";
}

export interface NodeTemplateSpec {
  /** GiB of the volume that images and pods write to. */
  readonly rootVolumeGiB: number;
  readonly ami: "al2023" | "bottlerocket";
  /** Key of the volume; AWS' own for EBS where left out. */
  readonly kmsKeyId?: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
  /** What else the launch template has. */
  readonly extra?: Partial<LaunchTemplateArgs>;
}

/**
 * How every node starts: encrypted gp3 volume, instance metadata by session token only and out of pods' reach (hop limit 1), no
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
      blockDeviceMappings: [
        {
          deviceName: rootDevice(ami),
          ebs: {
            volumeType: "gp3",
            volumeSize: rootVolumeGiB,
            encrypted: "true",
            kmsKeyId,
            deleteOnTermination: "true",
          },
        },
      ],
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
