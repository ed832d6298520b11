import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { readOutputs } from "../../test/support/slipway";

export const NAMESPACE = "slipway";
export const PROXIES = {
  namespace: "envoy-gateway-system",
  label: "gateway.envoyproxy.io/owning-gateway-name=slipway",
};
const ROLLED_OUT_WITHIN_MS = 180_000;

let kubeconfig: string | undefined;

/** Clients of the running cluster's API server. A stack whose proxy was killed does not say where that is: it is asked once. */
export async function clients(): Promise<{ apps: AppsV1Api; core: CoreV1Api }> {
  kubeconfig ??= (await readOutputs()).kubeconfig;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return { apps: config.makeApiClient(AppsV1Api), core: config.makeApiClient(CoreV1Api) };
}

/** As `kubectl rollout restart` does it, to the end. */
async function restart(apps: AppsV1Api, namespace: string, name: string): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const body = { spec: { template: { metadata: { annotations } } } };
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const { metadata } = await apps.patchNamespacedDeployment({ namespace, name, body }, merge);
  for (const deadline = Date.now() + ROLLED_OUT_WITHIN_MS; ; await sleep(500)) {
    const { spec, status } = await apps.readNamespacedDeployment({ namespace, name });
    const isDone =
      (status?.observedGeneration ?? 0) >= metadata!.generation! &&
      status?.updatedReplicas === spec?.replicas &&
      status?.replicas === spec?.replicas &&
      status?.availableReplicas === spec?.replicas;
    if (isDone) return;
    if (Date.now() > deadline) throw new Error(`Deployment ${name} did not roll out in time`);
  }
}

/** A rolling restart of the gateway's proxies. */
export async function restartGateway(): Promise<void> {
  const { apps } = await clients();
  const { items } = await apps.listNamespacedDeployment({
    namespace: PROXIES.namespace,
    labelSelector: PROXIES.label,
  });
  if (items.length === 0) throw new Error("the gateway has no proxies");
  for (const { metadata } of items) await restart(apps, PROXIES.namespace, metadata!.name!);
}

/** A rolling restart of one slot's servers. */
export async function restartServers(deployment: string): Promise<void> {
  const { apps } = await clients();
  await restart(apps, NAMESPACE, deployment);
}

/** Kills a pod of a Deployment without notice, and waits until it is replaced. */
export async function killPod(name: string, namespace = NAMESPACE): Promise<void> {
  const { apps, core } = await clients();
  const { spec: wanted } = await apps.readNamespacedDeployment({ namespace, name });
  const labelSelector = Object.entries(wanted!.selector.matchLabels!)
    .map((label) => label.join("="))
    .join();
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  const victim = items.find(({ metadata }) => metadata!.deletionTimestamp === undefined);
  if (!victim) throw new Error(`Deployment ${name} has no pod`);
  await core.deleteNamespacedPod({ namespace, name: victim.metadata!.name!, gracePeriodSeconds: 0 });
  for (const deadline = Date.now() + ROLLED_OUT_WITHIN_MS; ; await sleep(500)) {
    const { spec, status } = await apps.readNamespacedDeployment({ namespace, name });
    if (status?.readyReplicas === spec?.replicas) return;
    if (Date.now() > deadline) throw new Error(`Deployment ${name} did not recover in time`);
  }
}

/** Kills those who tell the proxies and Prometheus what to do; who serves goes on with what it knows. */
export async function killControllers(): Promise<void> {
  await Promise.all([
    killPod("envoy-gateway", PROXIES.namespace),
    killPod("prometheus-operator", "prometheus-operator"),
  ]);
}

/** Evicts a pod of a Deployment, as a drained node does: it ends in its own time, within the disruption budget. */
export async function evictPod(deployment: string): Promise<void> {
  const { apps, core } = await clients();
  const labelSelector = `app.kubernetes.io/instance=${deployment}`;
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector });
  const name = items[0]!.metadata!.name!;
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: NAMESPACE } };
  await core.createNamespacedPodEviction({ namespace: NAMESPACE, name, body });
  for (const deadline = Date.now() + ROLLED_OUT_WITHIN_MS; ; await sleep(500)) {
    const { items: left } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector });
    const { spec, status } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name: deployment });
    const isGone = !left.some(({ metadata }) => metadata!.name === name);
    if (isGone && status?.readyReplicas === spec?.replicas) return;
    if (Date.now() > deadline) throw new Error(`Deployment ${deployment} did not recover in time`);
  }
}
