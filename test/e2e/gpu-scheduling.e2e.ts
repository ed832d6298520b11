import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  setHeaderOptions,
  PatchStrategy,
  type V1Node,
  type V1Pod,
  type V1PodTemplateSpec,
} from "@kubernetes/client-node";
import { CertificateAuthority, GpuNodePool, InferenceService, ModelRepository } from "../../components";
import { declare } from "../components/support/declared";
import { IMAGE, model } from "../components/support/examples";
import { readOutputs } from "../support/slipway";

const NAMESPACE = "gpu-scheduling";
const NODES = ["gpu-a", "gpu-b", "gpu-c"];
const GPUS_PER_NODE = 2;
const LABELS = { "nvidia.com/gpu.present": "true" };

/** A node that is only written down: the scheduler cannot tell it from one with a kubelet, for as long as its last report is fresh. */
function node(name: string): V1Node {
  const capacity = { cpu: "16", memory: "64Gi", pods: "50", "nvidia.com/gpu": String(GPUS_PER_NODE) };
  const now = new Date();
  return {
    metadata: { name, labels: { ...LABELS, "kubernetes.io/hostname": name } },
    spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
    status: {
      capacity,
      allocatable: capacity,
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "Fake",
          message: "",
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  };
}

/** The pods of a service on such a pool, as the component declares them. */
async function template(): Promise<V1PodTemplateSpec> {
  const models = [model("a")];
  const declared = await declare(() => {
    const gpuPool = new GpuNodePool("gpu", {
      provisioner: "existing",
      gpusPerNode: GPUS_PER_NODE,
      maxNodes: NODES.length,
    });
    new InferenceService("text", {
      namespace: NAMESPACE,
      image: IMAGE,
      repository: new ModelRepository("models", { models }),
      authority: new CertificateAuthority("authority"),
      models,
      gpuPool,
      replicas: 3,
      maxReplicas: 6,
    });
  });
  return declared.object("Deployment", "text").spec.template as V1PodTemplateSpec;
}

describe("pods that ask for GPUs, and the real scheduler", () => {
  let core: CoreV1Api;
  let apps: AppsV1Api;

  before(async () => {
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    apps = config.makeApiClient(AppsV1Api);
    await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
    for (const name of NODES) {
      const { status, ...body } = node(name);
      await core.createNode({ body });
      const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
      await core.patchNodeStatus({ name, body: { status } }, options);
    }
    await Promise.all(NODES.map(taken));
  });

  after(async () => {
    await apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name: "text" }).catch(() => undefined);
    // No kubelet will report their end.
    await core.deleteCollectionNamespacedPod({ namespace: NAMESPACE, gracePeriodSeconds: 0 });
    for (const name of NODES) await core.deleteNode({ name });
    await core.deleteNamespace({ name: NAMESPACE });
  });

  async function pods(until: (pods: V1Pod[]) => boolean): Promise<V1Pod[]> {
    for (let i = 0; ; i++) {
      const { items } = await core.listNamespacedPod({ namespace: NAMESPACE });
      if (until(items)) return items;
      const seen = items.map(({ spec, status }) => [spec?.nodeName, status?.conditions?.[0]?.message]);
      assert.ok(i < 120, JSON.stringify(seen));
      await sleep(250);
    }
  }

  /**
   * Waits until the scheduler would place a pod on this node, by letting it place one there: a new node carries a
   * `not-ready` taint until a controller has seen its status, and pods that come earlier go to the other nodes.
   */
  async function taken(name: string): Promise<void> {
    const probe = `probe-${name}`;
    const limits = { "nvidia.com/gpu": "1" };
    await core.createNamespacedPod({
      namespace: NAMESPACE,
      body: {
        metadata: { name: probe },
        spec: {
          nodeSelector: { "kubernetes.io/hostname": name },
          tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
          containers: [{ name: "probe", image: IMAGE, resources: { limits } }],
        },
      },
    });
    await pods((found) =>
      found.some(({ metadata, spec }) => metadata?.name === probe && spec?.nodeName === name),
    );
    await core.deleteNamespacedPod({ namespace: NAMESPACE, name: probe, gracePeriodSeconds: 0 });
  }

  const placed = (items: V1Pod[]) => items.flatMap(({ spec }) => spec?.nodeName ?? []);
  const scale = (replicas: number) =>
    apps.patchNamespacedDeploymentScale(
      { namespace: NAMESPACE, name: "text", body: { spec: { replicas } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );

  it("are placed on the pool's nodes, one on each first", async function () {
    this.timeout(60_000);
    const pod = await template();
    pod.spec!.serviceAccountName = "default";
    await apps.createNamespacedDeployment({
      namespace: NAMESPACE,
      body: {
        metadata: { name: "text" },
        spec: { replicas: 3, selector: { matchLabels: pod.metadata!.labels! }, template: pod },
      },
    });
    const items = await pods((found) => placed(found).length === 3);
    assert.deepEqual(placed(items).sort(), NODES);
  });

  it("fill them, and are told what is missing where there is no more", async function () {
    this.timeout(60_000);
    await scale(8);
    const told = (found: V1Pod[]) =>
      found.flatMap(
        ({ status }) => status?.conditions?.find(({ reason }) => reason === "Unschedulable")?.message ?? [],
      );
    const items = await pods((found) => placed(found).length === 6 && told(found).length === 2);
    for (const name of NODES)
      assert.equal(placed(items).filter((node) => node === name).length, GPUS_PER_NODE);
    for (const message of told(items)) assert.match(message, /3 Insufficient nvidia\.com\/gpu/);
  });
});
