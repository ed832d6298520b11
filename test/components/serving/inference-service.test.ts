import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  type GpuPool,
  type InferenceServiceArgs,
} from "../../../components";
import { declare, type Declaration } from "../support/declared";
import { IMAGE, model } from "../support/examples";

const MODELS = [model("a", "1"), model("b", "2", "registry.example.com")];

const POOL: GpuPool = {
  resourceName: "nvidia.com/gpu",
  unitsPerNode: 2,
  unitsPerPod: 2,
  maxUnits: 4,
  nodeSelector: { "slipway.dev/pool": "gpu" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
};

function service(
  name: string,
  change: Partial<InferenceServiceArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): () => InferenceService {
  const args = (): InferenceServiceArgs => ({
    namespace: "ns",
    image: IMAGE,
    repository: new ModelRepository("models", { models: MODELS }),
    authority: new CertificateAuthority("authority"),
    models: MODELS,
    ...change,
  });
  return () => new InferenceService(name, args(), opts);
}

describe("InferenceService", () => {
  let declared: Declaration;
  before(async () => {
    declared = await declare(service("text"));
  });
  const pod = (from = declared) => from.object("Deployment", "text").spec.template.spec;

  const options = (from: Declaration) => from.kind("ConfigMap")[0]!.inputs;

  it("meets the restricted pod security standard, with a read-only root file system", () => {
    assert.equal(pod().securityContext.runAsNonRoot, true);
    assert.equal(pod().securityContext.runAsUser, 65532);
    assert.equal(pod().securityContext.seccompProfile.type, "RuntimeDefault");
    for (const container of [...pod().initContainers, ...pod().containers]) {
      assert.equal(container.securityContext.allowPrivilegeEscalation, false);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
      assert.ok(container.resources.limits.memory && container.resources.requests.cpu, container.name);
    }
    assert.equal(pod().automountServiceAccountToken, false);
    assert.equal(declared.object("ServiceAccount", "text").automountServiceAccountToken, false);
  });

  it("fetches and verifies every model before the server starts, which may only read them", () => {
    assert.deepEqual(
      pod().initContainers.map((container: { name: string }) => container.name),
      ["pull-a-1", "pull-b-2"],
    );
    const [server] = pod().containers;
    assert.deepEqual(
      server.volumeMounts.map((mount: { mountPath: string; readOnly?: boolean }) => [
        mount.mountPath,
        mount.readOnly ?? false,
      ]),
      [
        ["/models", true],
        ["/tmp", false],
        ["/etc/slipway/tls", true],
      ],
    );
  });

  it("probes over TLS, and loses traffic before it is restarted", () => {
    const [{ startupProbe, readinessProbe, livenessProbe }] = pod().containers;
    for (const probe of [startupProbe, readinessProbe, livenessProbe])
      assert.equal(probe.httpGet.scheme, "HTTPS");
    const budget = (probe: { periodSeconds: number; failureThreshold: number }) =>
      probe.periodSeconds * probe.failureThreshold;
    assert.equal(budget(startupProbe), 120);
    assert.ok(budget(readinessProbe) < budget(livenessProbe));
  });

  it("ends within the grace period that the kubelet gives", () => {
    const { data } = options(declared);
    assert.equal(data.SLIPWAY_DRAIN_DELAY, "5");
    assert.equal(data.SLIPWAY_DRAIN_TIMEOUT, "25");
    assert.equal(pod().terminationGracePeriodSeconds, 30);
  });

  it("updates without a gap", () => {
    const { strategy } = declared.object("Deployment", "text").spec;
    assert.deepEqual(strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    assert.equal(declared.object("PodDisruptionBudget", "text").spec.maxUnavailable, 1);
  });

  it("lets a node be drained of a pod that never gets ready", () => {
    const { spec } = declared.object("PodDisruptionBudget", "text");
    assert.equal(spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
  });

  it("leaves the number of pods to the autoscaler where there is one", async () => {
    assert.equal(declared.object("Deployment", "text").spec.replicas, 2);
    const { spec } = declared.object("HorizontalPodAutoscaler", "text");
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [2, 4]);
    const fixed = await declare(service("text", { replicas: 3, maxReplicas: 3 }));
    assert.equal(fixed.object("Deployment", "text").spec.replicas, 3);
    assert.equal(fixed.kind("HorizontalPodAutoscaler").length, 0);
  });

  it("states the first number of pods beside an autoscaler, and has updates leave what became of it", async () => {
    const scaled = async (change: Partial<InferenceServiceArgs>) => {
      const ignored: (string[] | undefined)[] = [];
      const transformations: pulumi.ResourceTransformation[] = [
        ({ type, opts }) => {
          if (type === "kubernetes:apps/v1:Deployment") ignored.push(opts.ignoreChanges);
          return undefined;
        },
      ];
      const made = await declare(service("text", change, { transformations }));
      return [made.object("Deployment", "text").spec.replicas, ...ignored];
    };
    const replicas = ["spec.replicas"];
    assert.deepEqual(await scaled({ replicas: 3, maxReplicas: 9 }), [3, replicas]);
    assert.deepEqual(await scaled({ replicas: 3, maxReplicas: 3 }), [3, undefined]);
    // Whether it starts at all is seen before it falls asleep for the first time.
    const asleep = {
      replicas: 0,
      maxReplicas: 2,
      scaling: { on: "queueDepth", target: 4, via: "keda" },
      scrapers: [{ namespace: "monitoring", podLabels: { "app.kubernetes.io/name": "prometheus" } }],
    } as const;
    assert.deepEqual(await scaled(asleep), [1, replicas]);
    // The 0 of a cold slot would be what updates leave.
    const slot = { rollout: "text", slot: "blue", traffic: "weighted" } as const;
    assert.deepEqual(await scaled({ slot }), [undefined, undefined]);
  });

  it("restarts the pods when an option changes, and only then", async () => {
    const hash = (from: Declaration) => pod(from).containers[0].envFrom[0].configMapRef.name;
    const same = await declare(service("text", { cpuLimit: "2" }));
    const other = await declare(service("text", { options: { maxQueueSize: 5 } }));
    assert.equal(hash(same), hash(declared));
    assert.notEqual(hash(other), hash(declared));
    assert.equal(options(other).data.SLIPWAY_MAX_QUEUE_SIZE, "5");
  });

  it("asks for GPUs and for nodes that have them", async () => {
    const gpu = await declare(
      service("text", {
        gpus: 2,
        nodeSelector: { gpu: "yes" },
        tolerations: [{ key: "gpu", operator: "Exists" }],
      }),
    );
    assert.equal(pod(gpu).containers[0].resources.limits["nvidia.com/gpu"], "2");
    assert.deepEqual(pod(gpu).nodeSelector, { gpu: "yes" });
    assert.deepEqual(pod(gpu).tolerations, [{ key: "gpu", operator: "Exists" }]);
    assert.equal(pod().nodeSelector, undefined);
  });

  it("makes a ServiceMonitor where someone reads the metrics", async () => {
    assert.equal(declared.kind("ServiceMonitor").length, 0);
    const watched = await declare(
      service("text", { scrapers: [{ namespace: "m", podLabels: { app: "prometheus" } }] }),
    );
    assert.equal(watched.object("ServiceMonitor", "text").spec.endpoints[0].port, "metrics");
  });

  const wrong: [string, string, Partial<InferenceServiceArgs>, string][] = [
    ["a name that no Service may have", "1x", {}, '`name`: "1x" must be at most 50 lower-case letters'],
    ["no models", "text", { models: [] }, "`models`: must name at least one model"],
    [
      "a model that the repository lacks",
      "text",
      { models: [model("c")] },
      "`models[0]`: c/1 is not in the repository, which has a/1, b/2",
    ],
    [
      "more GPUs for a pod than a node has",
      "text",
      { gpuPool: POOL, gpus: 4, replicas: 1, maxReplicas: 1 },
      "`gpus`: 4 asked by one pod, but a node of the pool has 2 nvidia.com/gpu",
    ],
    [
      "two turns on a shared GPU",
      "text",
      { gpuPool: { ...POOL, unitsPerPod: 1 }, gpus: 2, replicas: 1, maxReplicas: 1 },
      "`gpus`: 2 asked by one pod, but where pods share GPUs each may ask for 1 nvidia.com/gpu",
    ],
    [
      "more GPUs than the pool may have",
      "text",
      { gpuPool: POOL, gpus: 2, replicas: 2 },
      "`maxReplicas`: 8 nvidia.com/gpu asked (4 pods of 2), the pool allows 4",
    ],
    ["no pods", "text", { replicas: 0 }, "`replicas`: 0 must be a whole number >= 1"],
    [
      "fewer pods at most than at least",
      "text",
      { replicas: 5, maxReplicas: 3 },
      "`maxReplicas`: 3 must be >= `replicas` (5)",
    ],
    ["a CPU that is none", "text", { cpuLimit: "many" }, '`cpuLimit`: "many" must be a CPU quantity'],
    [
      "a request above the limit",
      "text",
      { memoryRequest: "2Gi" },
      '`memoryRequest`: "2Gi" must be <= `memoryLimit` ("1Gi")',
    ],
    [
      "a drain without time",
      "text",
      { drainTimeout: 5 },
      "`drainTimeout`: 5 must be whole seconds > `drainDelay` (5)",
    ],
    [
      "an option that is set already",
      "text",
      { options: { httpPort: 1 } },
      '`options.httpPort`: "httpPort" must be one of modelMemoryBudget, instances, ',
    ],
  ];
  for (const [what, name, change, message] of wrong) {
    it(`refuses ${what}`, async () => {
      await declare(() =>
        assert.throws(service(name, change), (error) => {
          assert.ok(pulumi.InputPropertiesError.isInstance(error));
          assert.ok(error.message.startsWith(`InferenceService "${name}": ${message}`), error.message);
          return true;
        }),
      );
    });
  }

  it("asks for the pool's resource on the pool's nodes", async () => {
    const shared = { ...POOL, resourceName: "nvidia.com/gpu.shared" };
    const declared = await declare(service("text", { gpuPool: shared }));
    const { spec } = declared.object("Deployment", "text").spec.template;
    assert.deepEqual(spec.nodeSelector, { "slipway.dev/pool": "gpu" });
    assert.deepEqual(spec.tolerations, [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]);
    assert.equal(spec.containers[0].resources.limits["nvidia.com/gpu.shared"], "1");
    assert.equal(spec.containers[0].resources.requests["nvidia.com/gpu.shared"], "1");
  });

  it("names every mistake at once", async () => {
    await declare(() =>
      assert.throws(service("text", { replicas: 0, gpus: -1, startupTimeout: 0 }), (error) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map((each) => each.propertyPath),
          ["replicas", "gpus", "startupTimeout"],
        );
        return true;
      }),
    );
  });
});
