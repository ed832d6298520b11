import { ANNOTATIONS, isAnnotated } from "../annotations";
import type { KubeObject, ManagedFields } from "../object";
import { at, isObjectLike, nameOf, namespaceOf } from "../object";
import { ApiError, isConflict } from "./api-error";
import type { Cluster } from "./cluster";

/** Client-side writers of the same user: what they own is taken over instead of being fought over. */
const CLIENT_SIDE_MANAGERS = new Set([
  "before-first-apply",
  "kubectl",
  "kubectl-client-side-apply",
  "kubectl-create",
  "pulumi-kubernetes",
  "pulumi-resource-kubernetes",
]);

/**
 * Whether an apply takes fields from other managers.
 * @param live the object as it is; `undefined` where it is to be created
 */
export function forcesApply(inputs: KubeObject, live: KubeObject | undefined, always: boolean): boolean {
  if (always || isAnnotated(inputs, ANNOTATIONS.patchForce)) return true;
  if (!live) return false;
  const managers = live.metadata?.managedFields ?? [];
  // Objects older than server-side apply name no manager at all.
  if (managers.length === 0) return true;
  return managers.some(
    ({ manager, operation }) => operation === "Update" && CLIENT_SIDE_MANAGERS.has(manager ?? ""),
  );
}

function owns(entry: ManagedFields, path: readonly string[]): boolean {
  return at(entry.fieldsV1, ...path.map((step) => `f:${step}`)) !== undefined;
}

/**
 * The object without those ignored fields that somebody else owns, such as the `spec.replicas` of a scaled
 * Deployment: applying the old value would fight over it. Ignored fields of our own must stay, or they would be unset.
 */
export function withoutForeignFields(
  inputs: KubeObject,
  live: KubeObject,
  fieldManager: string,
  ignored: readonly string[],
): KubeObject {
  const copy = structuredClone(inputs);
  const managers = live.metadata?.managedFields ?? [];
  for (const property of ignored) {
    const path = property.split(".");
    const ours = managers.some((entry) => entry.manager === fieldManager && owns(entry, path));
    const theirs = managers.some((entry) => entry.manager !== fieldManager && owns(entry, path));
    if (!theirs || ours) continue;
    const parent = at(copy, ...path.slice(0, -1));
    const last = path[path.length - 1];
    if (isObjectLike(parent) && last !== undefined) delete parent[last];
  }
  return copy;
}

/** Gives up every field that a manager owns: an apply that asks for nothing. */
export async function relinquish(
  cluster: Cluster,
  object: KubeObject,
  fieldManager: string,
  signal: AbortSignal,
): Promise<void> {
  const empty: KubeObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name: nameOf(object), namespace: namespaceOf(object) },
  };
  await cluster.apply(empty, { fieldManager, force: true, signal });
}

/** A conflict's message says which manager owns what; it does not say what to do about it. */
export function explainConflict(error: unknown): unknown {
  if (!isConflict(error)) return error;
  const mend = `Take the fields over with the annotation ${ANNOTATIONS.patchForce}: "true", or leave them out.`;
  return new ApiError(`${error.message} ${mend}`, error.code, error.reason, error.details);
}
