import {
  CoordinationV1Api,
  CoreV1Api,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  type Informer,
  type KubeConfig,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { readyStatus } from "./fake-pod";

const LABEL = "slipway.dev/fake-node";
const LEASES = "kube-node-lease";
/** A node counts as lost 40 seconds after its last lease. */
const RENEW_MS = 10_000;
/** How long a broken watch waits before it starts again. */
const RESTART_MS = 500;
/** Requests at a time. */
const CONCURRENCY = 8;

/** What every node has; `GpuNodePool` with the provisioner `existing` expects its label and taint of them. */
const POOL_LABEL = "nvidia.com/gpu.present";
const POOL_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

/** The address of one of many: 250 hosts in each of the networks of `prefix`. */
function address(prefix: string, index: number): string {
  return `${prefix}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}

function describeNode(
  name: string,
  index: number,
  gpus: number,
): Required<Pick<V1Node, "metadata" | "spec" | "status">> {
  const now = new Date();
  const capacity = { cpu: "64", memory: "256Gi", pods: "110", "nvidia.com/gpu": String(gpus) };
  const condition = (type: string, status: string, reason: string) => {
    return { type, status, reason, message: "", lastHeartbeatTime: now, lastTransitionTime: now };
  };
  const labels = {
    [LABEL]: "true",
    [POOL_LABEL]: "true",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
  };
  return {
    metadata: { name, labels },
    spec: { taints: [POOL_TAINT] },
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: "InternalIP", address: address("10.250", index) },
        { type: "Hostname", address: name },
      ],
      conditions: [
        condition("Ready", "True", "KubeletReady"),
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID"),
      ],
    },
  };
}

/** Works through all of them, a few at a time. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** Passes over an answer of the API server that says what is so already; anything else is thrown. */
function unless(code: number): (error: unknown) => void {
  return (error) => {
    if ((error as { code?: number }).code !== code) throw error;
  };
}

const unlessGone = unless(404);
/** A run that was interrupted has left them. */
const unlessThere = unless(409);

export interface FakeNodesOptions {
  readonly count: number;
  /** GPUs of each node. */
  readonly gpus: number;
  /** What the nodes' names begin with. */
  readonly prefix: string;
}

/**
 * Nodes that no machine stands behind, and the work of their kubelets as far as the control plane sees it: they renew
 * their leases, pods on them report that they are ready, and pods that are to end are gone.
 */
export class FakeNodes {
  private readonly core: CoreV1Api;
  private readonly leases: CoordinationV1Api;
  private readonly names: readonly string[];
  private readonly hosts: ReadonlyMap<string, string>;
  private readonly busy = new Set<string>();
  private readonly informer: Informer<V1Pod>;
  private renewal: NodeJS.Timeout | undefined;
  private pods = 0;
  private stopped = false;
  private failure: unknown;

  private constructor(
    config: KubeConfig,
    private readonly options: FakeNodesOptions,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
    this.leases = config.makeApiClient(CoordinationV1Api);
    this.names = Array.from(
      { length: options.count },
      (_, i) => `${options.prefix}-${String(i).padStart(3, "0")}`,
    );
    this.hosts = new Map(this.names.map((name, i) => [name, address("10.250", i)]));
    this.informer = makeInformer(config, "/api/v1/pods", () => this.core.listPodForAllNamespaces());
  }

  /** Registers the nodes and starts to answer for them. */
  static async register(config: KubeConfig, options: FakeNodesOptions): Promise<FakeNodes> {
    const nodes = new FakeNodes(config, options);
    try {
      await forEach(nodes.names, (name, i) => nodes.registerNode(name, i));
      nodes.renewal = setInterval(() => void nodes.renewLeases(), RENEW_MS);
      await nodes.watchPods();
    } catch (error) {
      await nodes.remove();
      throw error;
    }
    return nodes;
  }

  private async registerNode(name: string, index: number): Promise<void> {
    const { status, ...body } = describeNode(name, index, this.options.gpus);
    await this.core.createNode({ body }).catch(unlessThere);
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await this.core.patchNodeStatus({ name, body: { status } }, merge);
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new V1MicroTime() };
    const lease = { metadata: { name }, spec };
    await this.leases.createNamespacedLease({ namespace: LEASES, body: lease }).catch(unlessThere);
  }

  private async renewLeases(): Promise<void> {
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await forEach(this.names, async (name) => {
      if (this.stopped) return;
      const body = { spec: { renewTime: new V1MicroTime() } };
      await this.leases.patchNamespacedLease({ namespace: LEASES, name, body }, merge);
    }).catch((error: unknown) => this.fail(error));
  }

  private async watchPods(): Promise<void> {
    const answer = (pod: V1Pod) => void this.answer(pod).catch((error: unknown) => this.fail(error));
    this.informer.on("add", answer);
    this.informer.on("update", answer);
    this.informer.on("error", () => {
      // The API server ends watches from time to time.
      if (!this.stopped) setTimeout(() => void this.informer.start(), RESTART_MS);
    });
    await this.informer.start();
  }

  /** What the kubelet of the pod's node would do. */
  private async answer(pod: V1Pod): Promise<void> {
    const { name = "", namespace = "", uid = "", deletionTimestamp } = pod.metadata ?? {};
    const hostIP = this.hosts.get(pod.spec?.nodeName ?? "");
    if (hostIP === undefined || this.stopped) return;
    const ending = deletionTimestamp !== undefined;
    if (!ending && pod.status?.phase !== "Pending") return;
    const task = `${uid} ${ending}`;
    if (this.busy.has(task)) return;
    this.busy.add(task);
    try {
      if (ending) await this.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
      else {
        const status = readyStatus(pod, { hostIP, podIP: address("10.251", this.pods++) }, new Date());
        const merge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
        await this.core.patchNamespacedPodStatus({ name, namespace, body: { status } }, merge);
      }
    } catch (error) {
      unlessGone(error);
    } finally {
      this.busy.delete(task);
    }
  }

  private fail(error: unknown): void {
    if (!this.stopped) this.failure ??= error;
  }

  /** @throws what went wrong since, in the background */
  assertWell(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Takes the nodes away again; pods that are left on them go with them. */
  async remove(): Promise<void> {
    this.stopped = true;
    clearInterval(this.renewal);
    await this.informer.stop();
    await forEach(this.names, async (name) => {
      await this.core.deleteNode({ name }).catch(unlessGone);
      await this.leases.deleteNamespacedLease({ namespace: LEASES, name }).catch(unlessGone);
    });
  }
}
