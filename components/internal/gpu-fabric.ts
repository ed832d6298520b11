import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate";
import type * as pulumi from "@pulumi/pulumi";
import { gpuInstanceType } from "./gpu-sharing";

type Interfaces = Exclude<LaunchTemplateArgs["networkInterfaces"], undefined>;

/**
 * One EFA interface on each network card that has one in all types of a pool. The first interface carries the node's own address: where
 * the first card has no EFA, it is a plain one, and the others carry none.
 */
export function fabricInterfaces(
  instanceTypes: readonly string[],
  securityGroupId: pulumi.Input<string>,
): Interfaces {
  const types = instanceTypes.flatMap((name) => gpuInstanceType(name) ?? []);
  const first = Math.max(...types.map(({ firstEfaCard }) => firstEfaCard));
  const count = Math.min(...types.map(({ efaInterfaces }) => efaInterfaces));
  const every = { deleteOnTermination: "true", securityGroups: [securityGroupId] };
  // Pods' addresses come from interfaces that have one; EC2 refuses the question whether another's is public.
  const addressed = { ...every, associatePublicIpAddress: "false" };
  if (first > 0) {
    return [
      { ...addressed, networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" },
      ...Array.from({ length: count }, (_, i) => ({
        ...every,
        networkCardIndex: first + i,
        deviceIndex: 0,
        interfaceType: "efa-only",
      })),
    ];
  }
  return Array.from({ length: count }, (_, i) => ({
    ...addressed,
    networkCardIndex: i,
    deviceIndex: i === 0 ? 0 : 1,
    interfaceType: "efa",
  }));
}

/** The layouts of network cards that types have; a launch template can hold one. */
export function fabricLayouts(instanceTypes: readonly string[]): number {
  const types = instanceTypes.flatMap((name) => gpuInstanceType(name) ?? []);
  return new Set(types.map(({ firstEfaCard }) => firstEfaCard)).size;
}
