import type { Field } from "./field";
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

export function isNodeClass({ type }: Subject): boolean {
  return type.startsWith("kubernetes:");
}

/** Where a machine's properties stand: those of a custom resource are below `spec`. */
export function machineOf(subject: Subject): Field {
  return isNodeClass(subject) ? subject.fields.get("spec") : subject.fields;
}
