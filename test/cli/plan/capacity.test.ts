import assert from "node:assert/strict";
import { vcpusOf } from "../../../cli/plan/instance-types";
import { selfSharingLabels, sharingLabels, type GpuSharing } from "../../../components/internal/gpu-sharing";
import { sharingOf } from "../../../cli/plan/gpu-units";
import { create, planFor, remove, same, update, UNKNOWN } from "./support";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool";

const deployment = (replicas: number | undefined, requests: object, init: object = {}) => ({
  metadata: { name: "text", namespace: "team" },
  spec: {
    replicas,
    template: {
      spec: {
        containers: [{ resources: { requests } }],
        initContainers: [{ resources: { requests: init } }],
      },
    },
  },
});

const autoscaler = (maxReplicas: number) => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  after: {
    metadata: { name: "text", namespace: "team" },
    spec: { maxReplicas, scaleTargetRef: { kind: "Deployment", name: "text" } },
  },
});

const rowsOf = (...events: Parameters<typeof planFor>[0][]) =>
  planFor(events.flat()).capacity.map(({ of, resource, before, after }) => [of, resource, before, after]);

describe("GPUs and cores before and after", () => {
  it("are replicas times requests, of what stays as well", () => {
    assert.deepEqual(
      rowsOf(
        update({
          type: DEPLOYMENT,
          before: deployment(2, { cpu: "500m", "nvidia.com/gpu": "1" }),
          after: deployment(3, { cpu: "500m", "nvidia.com/gpu": "2" }),
        }),
        same({ type: DEPLOYMENT, name: "other", after: deployment(1, { cpu: 4 }) }),
      ),
      [
        ["pods", "cpu", 5, 5.5],
        ["pods", "nvidia.com/gpu", 2, 6],
      ],
    );
  });

  it("count an autoscaler's most, and the larger of a pod's containers and its init containers", () => {
    assert.deepEqual(
      rowsOf(
        create({ type: DEPLOYMENT, after: deployment(undefined, { cpu: "1" }, { cpu: "3" }) }),
        create(autoscaler(4)),
      ),
      [["pods", "cpu", 0, 12]],
    );
  });

  it("take limits where there are no requests, and slices of GPUs by their own names", () => {
    const inputs = deployment(2, {});
    inputs.spec.template.spec.containers = [
      { resources: { limits: { "nvidia.com/mig-1g.5gb": 1 } } } as never,
    ];
    assert.deepEqual(rowsOf(remove({ type: DEPLOYMENT, before: inputs })), [
      ["pods", "nvidia.com/mig-1g.5gb", 2, 0],
    ]);
  });

  it("of an EKS node group are those of its largest instance type, times its most nodes", () => {
    const group = (maxSize: number, ...instanceTypes: string[]) => ({
      instanceTypes,
      scalingConfig: { maxSize },
    });
    assert.deepEqual(
      rowsOf(
        update({
          type: NODE_GROUP,
          before: group(2, "g6.12xlarge"),
          after: group(3, "g6.12xlarge", "g6.48xlarge"),
        }),
      ),
      [
        ["nodes", "cpu", 96, 576],
        ["nodes", "nvidia.com/gpu", 8, 24],
      ],
    );
    assert.deepEqual(rowsOf(create({ type: NODE_GROUP, after: group(2, "strange.metal") })), [
      ["nodes", "cpu", 0, "unknown"],
    ]);
  });

  it("of a Karpenter pool are its limits", () => {
    assert.deepEqual(
      rowsOf(
        update({
          type: NODE_POOL,
          before: { spec: { limits: { "nvidia.com/gpu": 4 } } },
          after: { spec: { limits: { cpu: "100", "nvidia.com/gpu": 8 } } },
        }),
      ),
      [
        ["nodes", "cpu", "unlimited", 100],
        ["nodes", "nvidia.com/gpu", 4, 8],
      ],
    );
  });

  const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
  const block = (id: string) => ({
    amiType: "AL2023_x86_64_NVIDIA",
    capacityType: "CAPACITY_BLOCK",
    scalingConfig: { maxSize: 2 },
    launchTemplate: { id, version: "1" },
  });

  it("of a node group without instance types are those of its launch template, by id or, before there is one, beside it", () => {
    assert.deepEqual(
      rowsOf(
        same({
          type: TEMPLATE,
          name: "a",
          id: "lt-a",
          parent: "pool-a",
          after: { instanceType: "p5.48xlarge" },
        }),
        same({ type: NODE_GROUP, name: "a", parent: "pool-a", after: block("lt-a") }),
        create({ type: TEMPLATE, name: "b", parent: "pool-b", after: { instanceType: "p5.48xlarge" } }),
        create({ type: NODE_GROUP, name: "b", parent: "pool-b", after: block(UNKNOWN) }),
      ),
      [
        ["nodes", "cpu", 384, 768],
        ["nodes", "nvidia.com/gpu", 16, 32],
      ],
    );
  });

  it("of a group that means to have GPUs are unknown where no instance type is", () => {
    const unknown = [
      ["nodes", "cpu", 0, "unknown"],
      ["nodes", "nvidia.com/gpu", 0, "unknown"],
    ];
    const beside = { type: TEMPLATE, name: "other", id: "lt-other", after: { instanceType: "p5.48xlarge" } };
    for (const inputs of [block("lt-elsewhere"), block(UNKNOWN), { capacityType: "CAPACITY_BLOCK" }]) {
      const group = create({ type: NODE_GROUP, parent: "pool", after: inputs });
      assert.deepEqual(rowsOf(group, same(beside)), unknown);
    }
    const neuron = { capacityType: "CAPACITY_BLOCK", amiType: "AL2023_x86_64_NEURON" };
    assert.deepEqual(rowsOf(create({ type: NODE_GROUP, after: neuron })), [unknown[0]]);
  });

  const sharedBy = (labels: object) => ({
    instanceTypes: ["p4d.24xlarge"],
    scalingConfig: { maxSize: 2 },
    labels,
  });

  it("of nodes that share or cut their GPUs are counted as pods ask for them", () => {
    const modes: [GpuSharing, string, number][] = [
      [{}, "nvidia.com/gpu", 16],
      [{ mode: "time-slicing", replicas: 4 }, "nvidia.com/gpu.shared", 64],
      [{ mode: "mps", replicas: 2 }, "nvidia.com/gpu.shared", 32],
      [{ mode: "mig", profile: "1g.5gb" }, "nvidia.com/mig-1g.5gb", 112],
    ];
    for (const [sharing, resource, count] of modes) {
      const labels = sharingLabels(sharing);
      assert.deepEqual(sharingOf(labels), sharing);
      assert.deepEqual(rowsOf(create({ type: NODE_GROUP, after: sharedBy(labels) })).at(-1), [
        "nodes",
        resource,
        0,
        count,
      ]);
      const values = ["p4d.24xlarge"];
      const pool = (requirements: object[]) => ({
        spec: {
          limits: { "nvidia.com/gpu": "16" },
          template: { metadata: { labels }, spec: { requirements } },
        },
      });
      const typed = pool([{ key: "node.kubernetes.io/instance-type", operator: "In", values }]);
      assert.deepEqual(rowsOf(create({ type: NODE_POOL, after: typed })).at(-1), [
        "nodes",
        resource,
        0,
        count,
      ]);
      const untyped = sharing.mode === "mig" ? "unknown" : count;
      assert.deepEqual(rowsOf(create({ type: NODE_POOL, after: pool([]) })).at(-1)?.[3], untyped);
    }
  });

  it("of nodes with Bottlerocket, which share or cut GPUs themselves, are counted by the pool's own label", () => {
    const modes: [GpuSharing, string, number][] = [
      [{ mode: "time-slicing", replicas: 4 }, "nvidia.com/gpu.shared", 64],
      [{ mode: "mps", replicas: 2 }, "nvidia.com/gpu.shared", 32],
      [{ mode: "mig", profile: "1g.5gb" }, "nvidia.com/mig-1g.5gb", 112],
    ];
    for (const [sharing, resource, count] of modes) {
      const group = create({ type: NODE_GROUP, after: sharedBy(selfSharingLabels(sharing)) });
      assert.deepEqual(rowsOf(group).at(-1), ["nodes", resource, 0, count]);
    }
    assert.deepEqual(selfSharingLabels({ mode: "none" }), {});
  });

  it("leaves GPUs whole where labels name a configuration that is not ours, and does not guess what a GPU cannot be cut into", () => {
    const last = (labels: object) => rowsOf(create({ type: NODE_GROUP, after: sharedBy(labels) })).at(-1);
    assert.deepEqual(last({ "nvidia.com/device-plugin.config": "house" }), [
      "nodes",
      "nvidia.com/gpu",
      0,
      16,
    ]);
    assert.deepEqual(last({ "nvidia.com/mig.config": "all-disabled" }), ["nodes", "nvidia.com/gpu", 0, 16]);
    assert.equal(last({ "nvidia.com/mig.config": "all-9g.99gb" })?.[3], "unknown");
  });

  for (const [type, vcpus] of [
    ["m7i.large", 2],
    ["m6g.medium", 1],
    ["t3.medium", 2],
    ["c7i.xlarge", 4],
    ["m7i.metal-24xl", 96],
    ["p5.48xlarge", 192],
    ["g4dn.metal", 96],
    ["m5.metal", undefined],
    ["hpc7a.12xlarge", undefined],
    ["toString", undefined],
    [undefined, undefined],
  ] as const) {
    it(`knows the vCPUs of ${type}: ${vcpus}`, () => assert.equal(vcpusOf(type), vcpus));
  }
});
