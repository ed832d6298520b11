import { sameValue } from "../../shared/values";
import type { Value } from "../../shared/values";
import type { KubeObject } from "../object";
import { isObjectLike } from "../object";
import type { Cluster, WriteOptions } from "./cluster";
import { refOf } from "./cluster";

/** One name for all client-side writes, as the official provider has it. */
const CLIENT_SIDE_MANAGER = "pulumi-kubernetes";

/** For `enableServerSideApply: false`: fails where the object exists. */
export function clientSideCreate(
  cluster: Cluster,
  object: KubeObject,
  options: WriteOptions,
): Promise<KubeObject> {
  return cluster.create(object, { ...options, fieldManager: CLIENT_SIDE_MANAGER });
}

/** RFC 7386: members that are gone become `null`; lists are replaced as a whole. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isObjectLike(before) || !isObjectLike(after)) return after;
  const patch: { [key: string]: unknown } = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (after[key] === undefined) patch[key] = null;
    else if (!sameValue(before[key] as Value, after[key] as Value))
      patch[key] = mergePatch(before[key], after[key]);
  }
  return patch;
}

/** For `enableServerSideApply: false`: sends what changed between two sets of inputs. */
export async function clientSideUpdate(
  cluster: Cluster,
  before: KubeObject,
  after: KubeObject,
  options: WriteOptions,
): Promise<KubeObject> {
  const query = {
    fieldManager: CLIENT_SIDE_MANAGER,
    fieldValidation: "Strict",
    dryRun: options.dryRun ? "All" : undefined,
  };
  return (await cluster.connection.request("PATCH", await cluster.path(refOf(after), options.signal), {
    query,
    contentType: "application/merge-patch+json",
    body: mergePatch(before, after),
    signal: options.signal,
    onWarning: options.onWarning,
  })) as KubeObject;
}
