import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { InferenceServiceArgs } from "../../../components";
import { declare } from "../support/declared";
import { noteTimeouts } from "../support/timeouts";
import { service } from "./support/service";

async function deployment(change: Partial<InferenceServiceArgs> = {}) {
  return (await declare(service("text", change))).object("Deployment", "text").spec;
}

const pods = async (change: Partial<InferenceServiceArgs> = {}) => (await deployment(change)).template;

describe("pods of an InferenceService", () => {
  it("have nothing that nobody asked for", async () => {
    const { spec, metadata } = await pods();
    for (const field of ["affinity", "priorityClassName", "imagePullSecrets", "nodeSelector", "tolerations"])
      assert.equal(spec[field], undefined, field);
    assert.deepEqual(metadata.annotations, { "kubectl.kubernetes.io/default-container": "server" });
    assert.deepEqual(spec.volumes[0], { name: "models", emptyDir: {} });
    assert.equal(spec.containers[0].resources.requests["ephemeral-storage"], undefined);
  });

  it("are replaced one after the other where their GPUs leave no room for one more", async () => {
    const strategy = async (change: Partial<InferenceServiceArgs>, maxUnits: number) => {
      const gpuPool = {
        resourceName: "nvidia.com/gpu",
        unitsPerNode: 2,
        unitsPerPod: 2,
        maxUnits,
        nodeSelector: {},
        tolerations: [],
      };
      return (await deployment({ ...change, gpuPool })).strategy.rollingUpdate;
    };
    const surging = { maxUnavailable: 0, maxSurge: 1 };
    const inPlace = { maxUnavailable: 1, maxSurge: 0 };
    assert.deepEqual(await strategy({ replicas: 2, maxReplicas: 3 }, 3), inPlace);
    assert.deepEqual(await strategy({ replicas: 2, maxReplicas: 3 }, 4), surging);
    assert.deepEqual(await strategy({ replicas: 2, maxReplicas: 2, gpus: 2 }, 5), inPlace);
    // Others may take what is left.
    assert.deepEqual(await strategy({ replicas: 2, maxReplicas: 3, poolTaken: 1 }, 4), inPlace);
    assert.deepEqual(await strategy({ replicas: 2, maxReplicas: 3, poolTaken: 1 }, 5), surging);
    // The only pod answers until its successor does.
    assert.deepEqual(await strategy({ replicas: 1, maxReplicas: 1 }, 1), surging);
  });

  it("drain by the server's own doing, within the grace period", async () => {
    const { spec } = await pods({ drainDelay: 10, drainTimeout: 40 });
    assert.equal(spec.containers[0].lifecycle, undefined);
    assert.equal(spec.terminationGracePeriodSeconds, 45);
  });

  it("share nodes and zones evenly, as far as possible", async () => {
    const { spec } = await pods();
    assert.deepEqual(
      spec.topologySpreadConstraints.map((each: { topologyKey: string; whenUnsatisfiable: string }) => [
        each.topologyKey,
        each.whenUnsatisfiable,
      ]),
      [
        ["kubernetes.io/hostname", "ScheduleAnyway"],
        ["topology.kubernetes.io/zone", "ScheduleAnyway"],
      ],
    );
  });

  it("wait rather than share nodes unevenly, where that is required, and count only nodes that can take them", async () => {
    const { spec } = await pods({ spread: "required" });
    assert.deepEqual(spec.topologySpreadConstraints[0], {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: {
        matchLabels: { "app.kubernetes.io/name": "slipway-server", "app.kubernetes.io/instance": "text" },
      },
      matchLabelKeys: ["pod-template-hash"],
      nodeTaintsPolicy: "Honor",
    });
    assert.equal(spec.topologySpreadConstraints[1].whenUnsatisfiable, "ScheduleAnyway");
  });

  it("are marked, prioritised and placed as asked", async () => {
    const { spec, metadata } = await pods({
      podLabels: { "example.com/team": "vision" },
      podAnnotations: { "example.com/contact": "vision@example.com" },
      priorityClassName: "serving",
      imagePullSecrets: ["registry"],
      nodeRequirements: [
        { key: "topology.kubernetes.io/zone", operator: "NotIn", values: ["c"] },
        { key: "example.com/ssd", operator: "Exists" },
      ],
    });
    assert.equal(metadata.labels["example.com/team"], "vision");
    assert.equal(metadata.labels["app.kubernetes.io/instance"], "text");
    assert.equal(metadata.annotations["example.com/contact"], "vision@example.com");
    assert.equal(spec.priorityClassName, "serving");
    assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
    const { nodeAffinity } = spec.affinity;
    assert.deepEqual(nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms, [
      {
        matchExpressions: [
          { key: "topology.kubernetes.io/zone", operator: "NotIn", values: ["c"] },
          { key: "example.com/ssd", operator: "Exists" },
        ],
      },
    ]);
  });

  it("are waited for as long as Kubernetes waits for them, and longer than the provider's ten minutes where need be", async () => {
    const waits = async (change: Partial<InferenceServiceArgs>) => {
      const { timeouts, transformations } = noteTimeouts();
      const declared = await declare(service("text", change, { transformations }));
      const { progressDeadlineSeconds } = declared.object("Deployment", "text").spec;
      assert.deepEqual(timeouts["text-service"], timeouts["text-deployment"]);
      return { progressDeadlineSeconds, ...timeouts["text-deployment"] };
    };
    assert.deepEqual(await waits({ replicas: 2, maxReplicas: 3 }), {
      progressDeadlineSeconds: 300,
      create: "360s",
      // Pods may have to be replaced one after the other.
      update: "960s",
    });
    assert.deepEqual(await waits({ modelSize: "20Gi", replicas: 1, maxReplicas: 1 }), {
      progressDeadlineSeconds: 120 + 320 + 180 + 1280,
      create: "1960s",
      update: "1960s",
    });
  });

  it("are given time for a node to start, where a pool starts nodes for them", async () => {
    const gpuPool = {
      startsNodes: true,
      resourceName: "nvidia.com/gpu",
      unitsPerNode: 1,
      unitsPerPod: 1,
      maxUnits: 9,
      nodeSelector: {},
      tolerations: [],
    };
    assert.equal((await deployment({ gpuPool })).progressDeadlineSeconds, 300 + 900);
    const nodesThere = { ...gpuPool, startsNodes: false };
    assert.equal((await deployment({ gpuPool: nodesThere })).progressDeadlineSeconds, 300);
    assert.equal((await deployment({ gpus: 1 })).progressDeadlineSeconds, 300);
  });

  it("get time, memory and disk by the size of their models", async () => {
    const spec = await deployment({ modelSize: "4Gi" });
    const { containers, volumes } = spec.template.spec;
    const [{ startupProbe, resources }] = containers;
    // 120 s and one per 64 MiB; the fetch at 16 MiB/s counts for the rollout alone.
    assert.equal(startupProbe.periodSeconds * startupProbe.failureThreshold, 120 + 64);
    assert.equal(spec.progressDeadlineSeconds, 120 + 64 + 180 + 256);
    assert.equal(resources.requests.memory, "4352Mi");
    assert.equal(resources.limits.memory, "9Gi");
    assert.equal(resources.requests["ephemeral-storage"], "5376Mi");
    assert.equal(resources.limits["ephemeral-storage"], undefined);
    assert.deepEqual(volumes[0], { name: "models", emptyDir: { sizeLimit: "9Gi" } });
  });

  it("keep what is said of them, whatever the size of their models", async () => {
    const spec = await deployment({
      modelSize: "4Gi",
      startupTimeout: 60,
      memoryRequest: "5Gi",
      memoryLimit: "6Gi",
    });
    const [{ startupProbe, resources }] = spec.template.spec.containers;
    assert.equal(startupProbe.periodSeconds * startupProbe.failureThreshold, 60);
    assert.equal(resources.requests.memory, "5Gi");
    assert.equal(resources.limits.memory, "6Gi");
  });

  it("may have less memory than models that lie on a GPU", async () => {
    const { spec } = await pods({ modelSize: "4Gi", memoryRequest: "1Gi", memoryLimit: "2Gi", gpus: 1 });
    assert.equal(spec.containers[0].resources.limits.memory, "2Gi");
  });

  const wrong: [string, object, string][] = [
    [
      "models that its memory cannot hold",
      { modelSize: "2Gi", memoryRequest: "3Gi", memoryLimit: "2Gi" },
      '`memoryRequest`: "3Gi" must be <= `memoryLimit` ("2Gi"); `memoryLimit`: "2Gi" cannot hold models of 2Gi (`modelSize`) and the server',
    ],
    [
      "models that the memory it reserves cannot hold",
      { modelSize: "2Gi", memoryRequest: "256Mi" },
      '`memoryRequest`: "256Mi" cannot hold models of 2Gi (`modelSize`) and the server',
    ],
    [
      "a size that is none",
      { modelSize: "big" },
      '`modelSize`: "big" must be a memory quantity, as in "512Mi"',
    ],
    ["no size at all", { modelSize: "0" }, '`modelSize`: "0" must be a memory quantity, as in "512Mi"'],
    ["another spread", { spread: "even" }, '`spread`: "even" must be one of preferred, required'],
    [
      "a label that it has itself",
      { podLabels: { "app.kubernetes.io/instance": "x" } },
      '`podLabels["app.kubernetes.io/instance"]`: is set by the service itself',
    ],
    [
      "a label under no key",
      { podLabels: { "a b": "x" } },
      '`podLabels["a b"]`: "a b" must be a label\'s key, as in "example.com/team"',
    ],
    [
      "a label with a value that none may have",
      { podLabels: { team: "a b" } },
      '`podLabels["team"]`: "a b" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    ],
    [
      "an annotation that it has itself",
      { podAnnotations: { "kubectl.kubernetes.io/default-container": "x" } },
      '`podAnnotations["kubectl.kubernetes.io/default-container"]`: is set by the service itself',
    ],
    [
      "more annotations than an object may have",
      { podAnnotations: { long: "x".repeat(196_605) } },
      "`podAnnotations`: 196609 bytes in all must be at most 196608",
    ],
    [
      "a node's label with a value that none may have",
      { nodeSelector: { zone: "-" } },
      '`nodeSelector["zone"]`: "-" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    ],
    [
      "a toleration of a value and of any",
      { tolerations: [{ key: "gpu", operator: "Exists", value: "yes" }] },
      '`tolerations[0].value`: "yes" must be left out where the operator is Exists',
    ],
    [
      "an unknown effect",
      { tolerations: [{ key: "gpu", operator: "Exists", effect: "NoRun" }] },
      '`tolerations[0].effect`: "NoRun" must be one of NoSchedule, PreferNoSchedule, NoExecute',
    ],
    [
      "an unknown way to tolerate",
      { tolerations: [{ key: "gpu", operator: "In" }] },
      '`tolerations[0].operator`: "In" must be Equal or Exists',
    ],
    [
      "a requirement of nothing",
      { nodeRequirements: [{ key: "zone", operator: "In" }] },
      "`nodeRequirements[0].values`: [] must have at least one value",
    ],
    [
      "a requirement of too much",
      { nodeRequirements: [{ key: "ssd", operator: "Exists", values: ["yes"] }] },
      '`nodeRequirements[0].values`: ["yes"] must be empty for Exists',
    ],
    [
      "a comparison with a word",
      { nodeRequirements: [{ key: "cores", operator: "Gt", values: ["many"] }] },
      '`nodeRequirements[0].values`: ["many"] must be one whole number >= 0',
    ],
    [
      "a comparison that there is not",
      { nodeRequirements: [{ key: "cores", operator: "Ge" }] },
      '`nodeRequirements[0].operator`: "Ge" must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt',
    ],
    [
      "a secret under no name",
      { imagePullSecrets: ["a", "B"] },
      '`imagePullSecrets[1]`: "B" must be the name of a Secret',
    ],
    [
      "a priority under no name",
      { priorityClassName: "" },
      '`priorityClassName`: "" must be the name of a PriorityClass',
    ],
    [
      "a start that takes days",
      { startupTimeout: 86_401 },
      "`startupTimeout`: 86401 must be at most 86400, a day",
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuse ${what}`, async () => {
      await declare(() =>
        assert.throws(service("text", change), (error) => {
          assert.ok(pulumi.InputPropertiesError.isInstance(error));
          assert.equal(error.message, `InferenceService "text": ${message}`);
          return true;
        }),
      );
    });
  }
});
