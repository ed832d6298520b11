import type { KubernetesApi } from "./kubernetes-api";

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
}

/**
 * Deletes the pods that some controller will make anew. Called when the node's network is new, as after a reboot: none
 * of their containers runs any more, yet they are still reported as ready until kubelet has looked at each.
 */
export async function deleteDeadPods(api: KubernetesApi): Promise<void> {
  const pods = await api.list<Pod>("/api/v1/pods");
  const replaceable = pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller }) => controller),
  );
  await Promise.all(
    replaceable.map(({ metadata: { namespace, name } }) =>
      api.delete(`/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`),
    ),
  );
}
