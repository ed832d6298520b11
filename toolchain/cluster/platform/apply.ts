import type { KubernetesApi, KubernetesObject } from "../kubernetes-api";

/** Requests under way at a time: more would only queue on a machine of two cores. */
const CONCURRENCY = 6;

/** Applies objects that do not depend on each other's order. */
export async function applyAll(api: KubernetesApi, objects: readonly KubernetesObject[]): Promise<void> {
  const queue = [...objects];
  const worker = async () => {
    for (let object = queue.shift(); object; object = queue.shift()) await api.apply(object);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
