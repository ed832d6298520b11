import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { serviceLabels } from "./labels";
import { rolloutLabels } from "./slot-labels";

/** Name of the object that a rollout's audit record lies in. */
export function recordName(rollout: string): string {
  return `${rollout}-rollout-record`;
}

/**
 * Makes the object in which the commands write who switched what, when and why. The program has no data of its own in it: what it
 * does not declare, it neither compares nor, since it applies on the server's side, takes away.
 */
export function createRecord(
  rollout: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ConfigMap {
  const labels = { ...serviceLabels(rollout), ...rolloutLabels(rollout) };
  const metadata = { name: recordName(rollout), namespace, labels };
  return new ConfigMap(`${rollout}-record`, { metadata }, opts);
}
