import { cacheDir } from "../paths";
import { withTask, type Progress } from "../progress";
import { ensureCgroupRoot } from "./cgroups";
import { CLUSTER_IMAGES, type Cluster, type ClusterImage } from "./cluster";
import { clusterFrom, writeClusterRecord, type ClusterRecord } from "./cluster-record";
import { ensureContainerd } from "./container-runtime";
import { ensureApiServer, ensureEtcd } from "./control-plane";
import { deleteDeadPods, deleteWaitingPods } from "./dead-pods";
import { chooseLoopbackPorts, forwardingsOf, type LoopbackPorts } from "./forwards";
import { loadKernelModules, saveHostSettings } from "./host-settings";
import { describeImages, publishImages, type SystemImages } from "./images";
import { kubeconfigFor } from "./kubeconfig";
import { KubernetesApi } from "./kubernetes-api";
import { clusterLayout, createFolders, type Layout } from "./layout";
import { withClusterLock } from "./lock";
import { ensureProcess } from "./managed-process";
import { ensureMonitoringCredentials } from "./monitoring-credentials";
import { assertSubnetFree, ensureNetwork } from "./network";
import { claim } from "./owner";
import { ensurePki } from "./pki";
import { ensurePlatform } from "./platform";
import { assertMachine } from "./preflight";
import type { ClusterContext, Component, ToolPaths } from "./processes/component";
import { forwarder } from "./processes/forwarder";
import { kubeControllerManager } from "./processes/kube-controller-manager";
import { kubeProxy } from "./processes/kube-proxy";
import { kubeScheduler } from "./processes/kube-scheduler";
import { kubelet } from "./processes/kubelet";
import { networkPolicy } from "./processes/network-policy";
import { registry } from "./processes/registry";
import { DEFAULT_GATEWAY_PORT } from "./settings";
import { waitForNode } from "./wait-for-node";
import { writeIfChanged } from "./write-file";

export interface StartOptions {
  readonly tools: ToolPaths & { moduleDir(module: string): string };
  readonly progress: Progress;
  /** Port on localhost where the gateway will answer. @default 8443 */
  readonly gatewayPort?: number;
  /**
   * etcd answers before its data is on disk: faster, and a power cut loses data.
   * @default true where SLIPWAY_CLUSTER_UNSAFE_FSYNC is 1
   */
  readonly unsafeFsync?: boolean;
}

/** What needs the API server, in the order of starting. */
const NODE_COMPONENTS: readonly Component[] = [
  kubeControllerManager,
  kubeScheduler,
  kubelet,
  kubeProxy,
  networkPolicy,
];

/**
 * Brings the embedded cluster to where all of it runs: what runs as it should is left alone, what is missing, dead or
 * differs is started. Returns when every platform service is ready.
 */
export async function startCluster(options: StartOptions): Promise<Cluster> {
  assertMachine();
  const layout = clusterLayout();
  // Refusals come before anything is made.
  await chooseLoopbackPorts(layout, options.gatewayPort ?? DEFAULT_GATEWAY_PORT);
  await assertSubnetFree();
  return withClusterLock(options.progress, () => bringUp(layout, options));
}

async function bringUp(layout: Layout, options: StartOptions): Promise<Cluster> {
  const { tools, progress } = options;
  claim(layout);
  createFolders(layout);
  const ports = await chooseLoopbackPorts(layout, options.gatewayPort ?? DEFAULT_GATEWAY_PORT);
  const images = await withTask(progress, "System images", (task) => describeImages(tools, cacheDir(), task));
  const pki = await ensurePki(layout.pki);
  const api = new KubernetesApi(pki.ca, pki.admin);
  const context: ClusterContext = {
    layout,
    pki,
    tools,
    progress,
    api,
    pauseImage: images.references.pause,
    unsafeFsync: options.unsafeFsync ?? process.env.SLIPWAY_CLUSTER_UNSAFE_FSYNC === "1",
    forwardings: forwardingsOf(ports, ensureMonitoringCredentials(layout)),
  };
  try {
    const { keptStore, cameBack } = await startProcesses(context, images);
    await withTask(progress, "Platform services", (task) =>
      ensurePlatform({ context, tools, images, task, cameBack }),
    );
    return finish(context, images, ports, keptStore);
  } finally {
    api.close();
  }
}

/** Says whether the store of the cluster is an old one, and whether it has a new API server. */
async function startProcesses(
  context: ClusterContext,
  images: SystemImages,
): Promise<{ keptStore: boolean; cameBack: boolean }> {
  const { layout, pki, progress } = context;
  const isNewNode = await withTask(progress, "Node network", async () => {
    await loadKernelModules();
    const isNew = await ensureNetwork();
    ensureCgroupRoot();
    saveHostSettings(layout);
    return isNew;
  });
  // The registry fills while the API server starts: they hardly compete.
  await ensureProcess(layout, registry(context));
  const published = withTask(progress, "Image registry", (task) => publishImages(layout, images, task));
  const kept = withTask(progress, "Kubernetes API", async (task) => {
    task.update("starting etcd");
    const startedEmpty = await ensureEtcd(context);
    task.update("starting the API server");
    const apiServer = await ensureApiServer(context);
    return { keptStore: !startedEmpty, isNewApi: apiServer !== "kept" };
  });
  const [{ keptStore, isNewApi }] = await settleAll([kept, published]);
  const cameBack = keptStore && isNewApi;
  writeIfChanged(layout.kubeconfig, kubeconfigFor(pki.ca, pki.admin, "slipway-admin"), 0o600);
  await withTask(progress, "Kubernetes node", async (task) => {
    if (keptStore && isNewNode) await deleteDeadPods(context.api);
    await ensureContainerd(context);
    let kubeletSince = new Date(0);
    for (const component of NODE_COMPONENTS) {
      const before = new Date();
      // Who has called a dead API server in vain waits ever longer, up to half a minute, before the next call.
      const outcome = await ensureProcess(layout, component(context), isNewApi);
      if (component === kubelet && outcome !== "kept") kubeletSince = before;
    }
    await ensureProcess(layout, forwarder(context));
    await waitForNode(context, kubeletSince, task);
    if (cameBack) await deleteWaitingPods(context.api);
  });
  return { keptStore, cameBack };
}

/** Like `Promise.all`, but lets every part end first, so that none goes on behind an error's back. */
async function settleAll<A, B>([a, b]: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

function finish(
  context: ClusterContext,
  images: SystemImages,
  ports: LoopbackPorts,
  keptStore: boolean,
): Cluster {
  const named = Object.fromEntries(CLUSTER_IMAGES.map((name) => [name, images.references[name]]));
  const record: ClusterRecord = {
    gatewayPort: ports.gateway,
    prometheusPort: ports.prometheus,
    alertmanagerPort: ports.alertmanager,
    images: named as Record<ClusterImage, string>,
  };
  writeClusterRecord(context.layout, record);
  return clusterFrom(context.layout, record, keptStore);
}
