import type { KubernetesApi } from "../kubernetes-api";

export interface Pod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

interface Event {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Why the pods with these labels are not ready: conditions, the latest warnings and the last lines that they wrote. */
export async function diagnosePods(
  api: KubernetesApi,
  namespace: string,
  labels: Record<string, string>,
): Promise<string> {
  const pods = await listPods(api, namespace, labels);
  if (pods.length === 0) return "no pod was made";
  const reports = pods.filter((pod) => !isReady(pod)).map((pod) => diagnosePod(api, namespace, pod));
  return (await Promise.all(reports)).join("; ") || "its pods are ready but not counted yet";
}

export function listPods(
  api: KubernetesApi,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly Pod[]> {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return api.list<Pod>(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector.join())}`,
  );
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

async function diagnosePod(api: KubernetesApi, namespace: string, pod: Pod): Promise<string> {
  const name = pod.metadata.name;
  const waiting = pod.status?.containerStatuses?.flatMap(({ state }) => state?.waiting?.reason ?? []) ?? [];
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const parts = [`pod ${name} is ${[pod.status?.phase ?? "unknown", ...waiting].join(", ")}`];
  if (unscheduled?.message) parts.push(unscheduled.message);
  parts.push(...(await warningsOf(api, namespace, name)));
  for (const status of pod.status?.containerStatuses ?? []) {
    if (!status.ready) parts.push(await lastLines(api, namespace, name, status));
  }
  return parts.filter(Boolean).join(": ");
}

async function warningsOf(api: KubernetesApi, namespace: string, pod: string): Promise<string[]> {
  const selector = encodeURIComponent(`involvedObject.name=${pod},type=Warning`);
  const events = await api.list<Event>(`/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`);
  return events.slice(-2).map(({ reason, message }) => `${reason}: ${message}`);
}

async function lastLines(
  api: KubernetesApi,
  namespace: string,
  pod: string,
  status: ContainerStatus,
): Promise<string> {
  const previous = status.restartCount > 0 ? "&previous=true" : "";
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${status.name}&tailLines=3${previous}`;
  try {
    const text = (await api.text(path)).trim();
    return text ? `container ${status.name} last wrote: ${text.replaceAll("\n", " | ")}` : "";
  } catch {
    // A container that never started has no log.
    return "";
  }
}
