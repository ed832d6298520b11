import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { readRecord } from "../../rollout/record/storage";
import { serviceLabels } from "./labels";
import { rolloutLabels } from "./slot-labels";

/** Name of the object that a rollout's audit record lies in. */
export function recordName(rollout: string): string {
  return `${rollout}-rollout-record`;
}

/**
 * Makes the object in which the commands write who switched what, when and why. The program has no data of its own in it: what it
 * does not declare, it neither compares nor, since it applies on the server's side, takes away.
 * @returns hash of the last entry, read anew at every update: what the engine knows of its own object is as old as its last change
 */
export function createRecord(
  rollout: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const labels = { ...serviceLabels(rollout), ...rolloutLabels(rollout) };
  const metadata = { name: recordName(rollout), namespace, labels };
  const record = new ConfigMap(`${rollout}-record`, { metadata }, opts);
  const written = ConfigMap.get(`${rollout}-record-head`, record.id, opts);
  return written.data.apply((data) => headOf(rollout, data ?? {}));
}

/** Hash of a record's last entry; empty where there is none, or none that can be read, which is warned of. */
function headOf(rollout: string, data: Readonly<Record<string, string>>): string {
  const record = readRecord([{ name: recordName(rollout), data }]);
  if (record.ok) return record.entries.at(-1)?.hash ?? "";
  void pulumi.log.warn(`The record of rollout "${rollout}" cannot be read: ${record.problem}`);
  return "";
}
