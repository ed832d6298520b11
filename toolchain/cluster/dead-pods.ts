import type { KubernetesApi } from "./kubernetes-api";

interface ContainerStatus {
  readonly state?: { readonly waiting?: { readonly reason?: string } };
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
  readonly status?: { readonly containerStatuses?: readonly ContainerStatus[] };
}

/**
 * Deletes the pods that some controller will make anew. Called when the node's network is new, as after a reboot: none
 * of their containers runs any more, yet they are still reported as ready until kubelet has looked at each.
 */
export async function deleteDeadPods(api: KubernetesApi): Promise<void> {
  await deletePods(api, () => true);
}

/**
 * Deletes the pods that some controller will make anew and that wait before their next start. Called when the API
 * server is new: what ended because it was gone would stay away for up to five minutes more.
 */
export async function deleteWaitingPods(api: KubernetesApi): Promise<void> {
  await deletePods(api, ({ status }) =>
    (status?.containerStatuses ?? []).some(({ state }) => state?.waiting?.reason === "CrashLoopBackOff"),
  );
}

async function deletePods(api: KubernetesApi, isMeant: (pod: Pod) => boolean): Promise<void> {
  const pods = (await api.list<Pod>("/api/v1/pods")).filter(isMeant);
  const replaceable = pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller }) => controller),
  );
  await Promise.all(
    replaceable.map(({ metadata: { namespace, name } }) =>
      api.delete(`/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`),
    ),
  );
}
