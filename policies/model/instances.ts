import type { Field } from "./field";
import type { Doubt } from "./input-rule";
import type { Subject } from "./subject";

/** Whatever says how machines start, and Karpenter's way of saying it. */
export const INSTANCE_TYPES = [
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/instance:Instance",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "kubernetes:karpenter.k8s.aws/*:EC2NodeClass",
];

/** Switches come as booleans and, in launch templates, as texts. @throws UnknownRead */
export function isOn(field: Field): boolean {
  const value = field.value();
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/**
 * A device that is made from a snapshot and does not say `encrypted` is encrypted as the snapshot is, which nobody sees here;
 * undefined where there is no snapshot. @throws UnknownRead
 */
export function asItsSnapshot(device: Field, shown: string): Doubt | undefined {
  const snapshot = ["snapshotId", "snapshotID"]
    .map((name) => device.get(name))
    .find((field) => field.exists());
  return (
    snapshot && {
      doubt: `makes ${shown} from snapshot \`${snapshot.show()}\` without \`encrypted: true\`: it is encrypted only if that is.`,
    }
  );
}

export function isNodeClass({ type }: Subject): boolean {
  return type.startsWith("kubernetes:");
}

/** Where a machine's properties stand: those of a custom resource are below `spec`. */
export function machineOf(subject: Subject): Field {
  return isNodeClass(subject) ? subject.fields.get("spec") : subject.fields;
}
