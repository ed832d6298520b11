import assert from "node:assert";
import type * as pulumi from "@pulumi/pulumi";
import { GpuNodePool, type GpuNodePoolArgs } from "../../../components/cluster/gpu-node-pool";
import { GPU_INSTANCE_TYPES } from "../../../components/internal/gpu-instance-types";
import { GPU_MODELS, migProfiles } from "../../../components/internal/gpu-models";
import { declare, type Declaration } from "../support/declared";

const CLUSTER = {
  clusterName: "serving",
  nodeSubnetIds: ["subnet-a", "subnet-b"],
  nodeRoleArn: "arn:aws:iam::123456789012:role/node",
  nodeRoleName: "node",
  securityGroupId: "sg-cluster",
};

async function pool(args: GpuNodePoolArgs): Promise<{ made: GpuNodePool; declared: Declaration }> {
  let made!: GpuNodePool;
  const declared = await declare(() => {
    made = new GpuNodePool("gpu", { cluster: CLUSTER, ...args });
  });
  return { made, declared };
}

const one = (declaration: Declaration, type: string) => {
  const found = declaration.resources.filter((resource) => resource.type === type);
  assert.equal(found.length, 1, type);
  return found[0]!.inputs;
};

async function refused(args: GpuNodePoolArgs, message: string): Promise<void> {
  await declare(() =>
    assert.throws(() => new GpuNodePool("gpu", { cluster: CLUSTER, ...args }), {
      message: `GpuNodePool "gpu": ${message}`,
    }),
  );
}

describe("GpuNodePool", () => {
  describe("with a node group of EKS", () => {
    it("takes the AMI with drivers of its architecture, taints the nodes and has one of them", async () => {
      const { declared } = await pool({ instanceTypes: ["g5g.xlarge"] });
      const inputs = one(declared, "aws:eks/nodeGroup:NodeGroup");
      assert.equal(inputs.amiType, "AL2023_ARM_64_NVIDIA");
      assert.deepEqual(inputs.scalingConfig, { minSize: 1, desiredSize: 1, maxSize: 2 });
      assert.deepEqual(inputs.taints, [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }]);
      assert.equal(inputs.labels["slipway.dev/pool"], "gpu");
    });

    it("has as many nodes as are asked for at least, since nobody adds any", async () => {
      const size = async (args: GpuNodePoolArgs) =>
        one((await pool({ instanceTypes: ["g6.xlarge"], ...args })).declared, "aws:eks/nodeGroup:NodeGroup")
          .scalingConfig;
      assert.deepEqual(await size({ minNodes: 3 }), { minSize: 3, desiredSize: 3, maxSize: 3 });
      // A number that is left as it was could never be raised: AWS refuses a smallest size beyond it.
      const left: (string[] | undefined)[] = [];
      const transformations: pulumi.ResourceTransformation[] = [
        ({ type, opts }) => {
          if (type === "aws:eks/nodeGroup:NodeGroup") left.push(opts.ignoreChanges);
          return undefined;
        },
      ];
      await declare(
        () => new GpuNodePool("gpu", { cluster: CLUSTER, instanceTypes: ["g6.xlarge"] }, { transformations }),
      );
      assert.deepEqual(left, [undefined]);
      const capacityReservationId = "cr-0123456789abcdef0";
      assert.deepEqual(await size({ minNodes: 0, capacity: "capacity-block", capacityReservationId }), {
        minSize: 0,
        desiredSize: 0,
        maxSize: 2,
      });
    });

    it("encrypts the root volume and keeps metadata out of pods' reach", async () => {
      const { declared } = await pool({ instanceTypes: ["g6.xlarge"], kmsKeyId: "key-1" });
      const { blockDeviceMappings, metadataOptions } = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      assert.deepEqual(blockDeviceMappings, [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 100,
            encrypted: "true",
            kmsKeyId: "key-1",
            deleteOnTermination: "true",
          },
        },
      ]);
      assert.deepEqual(metadataOptions, {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    });

    it("buys a capacity block through the launch template", async () => {
      const { declared } = await pool({
        instanceTypes: ["p5.48xlarge"],
        capacity: "capacity-block",
        capacityReservationId: "cr-0123456789abcdef0",
      });
      const template = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      assert.equal(template.instanceType, "p5.48xlarge");
      assert.equal(template.instanceMarketOptions.marketType, "capacity-block");
      const nodes = one(declared, "aws:eks/nodeGroup:NodeGroup");
      assert.equal(nodes.capacityType, "CAPACITY_BLOCK");
      assert.equal(nodes.instanceTypes, undefined);
    });

    it("puts an EFA interface on every card, in a placement group", async () => {
      const { declared } = await pool({ instanceTypes: ["p4d.24xlarge"], efa: true });
      const { networkInterfaces, placement } = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      assert.equal(networkInterfaces.length, 4);
      assert.deepEqual(networkInterfaces[0].securityGroups, ["sg-cluster"]);
      assert.deepEqual(
        networkInterfaces.map((card: { networkCardIndex: number; deviceIndex: number }) => [
          card.networkCardIndex,
          card.deviceIndex,
        ]),
        [
          [0, 0],
          [1, 1],
          [2, 1],
          [3, 1],
        ],
      );
      assert.equal(placement.groupName, "gpu-placement");
      assert.equal(one(declared, "aws:ec2/placementGroup:PlacementGroup").strategy, "cluster");
    });

    it("sets sharing in Bottlerocket's user data", async () => {
      const { declared } = await pool({
        instanceTypes: ["p4d.24xlarge"],
        ami: "bottlerocket",
        sharing: { mode: "mig", profile: "1g.5gb" },
      });
      const { userData } = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      assert.equal(
        Buffer.from(userData, "base64").toString(),
        `[settings.kubelet-device-plugins.nvidia]
device-partitioning-strategy = "mig"
[settings.kubelet-device-plugins.nvidia.mig.profile]
"a100.40gb" = "1g.5gb"
`,
      );
    });
  });

  describe("with Karpenter", () => {
    it("makes a node class with encrypted disks and a pool bounded in GPUs", async () => {
      const { declared } = await pool({
        provisioner: "karpenter",
        instanceTypes: ["g6.12xlarge", "g6.xlarge"],
        capacity: "spot",
        maxNodes: 3,
      });
      const { spec } = declared.object("EC2NodeClass", "gpu");
      assert.equal(spec.blockDeviceMappings[0].ebs.encrypted, true);
      assert.equal(spec.metadataOptions.httpTokens, "required");
      assert.deepEqual(spec.subnetSelectorTerms, [{ id: "subnet-a" }, { id: "subnet-b" }]);
      const nodePool = declared.object("NodePool", "gpu").spec;
      assert.deepEqual(nodePool.limits, { "nvidia.com/gpu": "12" });
      assert.deepEqual(nodePool.template.spec.requirements[2], {
        key: "karpenter.sh/capacity-type",
        operator: "In",
        values: ["spot"],
      });
      assert.deepEqual(nodePool.template.spec.taints, [
        { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
      ]);
    });
  });

  describe("what pods ask for", () => {
    const cases: [string, GpuNodePoolArgs, string, number, number][] = [
      ["whole GPUs", { instanceTypes: ["g6.12xlarge"] }, "nvidia.com/gpu", 4, 8],
      [
        "the smallest type of several",
        { instanceTypes: ["g6.12xlarge", "g6.xlarge"], maxNodes: 5 },
        "nvidia.com/gpu",
        1,
        5,
      ],
      [
        "turns on a GPU",
        { instanceTypes: ["g6.xlarge"], sharing: { mode: "time-slicing", replicas: 4 } },
        "nvidia.com/gpu.shared",
        4,
        8,
      ],
      [
        "cuts of a GPU",
        { instanceTypes: ["p4d.24xlarge"], maxNodes: 1, sharing: { mode: "mig", profile: "2g.10gb" } },
        "nvidia.com/mig-2g.10gb",
        24,
        24,
      ],
      [
        "GPUs that are there",
        { provisioner: "existing", cluster: undefined, gpusPerNode: 2, maxNodes: 3 },
        "nvidia.com/gpu",
        2,
        6,
      ],
    ];
    for (const [what, args, resource, perNode, most] of cases) {
      it(`is ${what}`, async () => {
        const { made } = await pool(args);
        assert.deepEqual([made.resourceName, made.unitsPerNode, made.maxUnits], [resource, perNode, most]);
      });
    }

    it("is a single unit for each pod where pods share GPUs", async () => {
      const sharing = { mode: "mps", replicas: 3 } as const;
      const { made } = await pool({ instanceTypes: ["g6.12xlarge"], sharing });
      assert.deepEqual([made.unitsPerNode, made.unitsPerPod], [12, 1]);
    });

    it("selects the pool by its label, existing nodes by theirs", async () => {
      assert.deepEqual((await pool({ instanceTypes: ["g6.xlarge"] })).made.nodeSelector, {
        "slipway.dev/pool": "gpu",
      });
      const { made, declared } = await pool({ provisioner: "existing", cluster: undefined });
      assert.deepEqual(made.nodeSelector, { "nvidia.com/gpu.present": "true" });
      assert.deepEqual(made.tolerations, [
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      ]);
      assert.equal(declared.resources.filter(({ type }) => type.startsWith("aws:")).length, 0);
    });
  });

  const wrong: [string, GpuNodePoolArgs, string][] = [
    [
      "MIG on a GPU that has none",
      { instanceTypes: ["g5.xlarge"], sharing: { mode: "mig", profile: "1g.5gb" } },
      '`sharing.mode`: "mig" needs one of RTX PRO 6000 Blackwell, A100, H100, H200, B200, B300; g5.xlarge has the A10G',
    ],
    [
      "a profile of another GPU",
      { instanceTypes: ["p4d.24xlarge"], sharing: { mode: "mig", profile: "1g.18gb" } },
      '`sharing.profile`: "1g.18gb" is no profile of the A100 in p4d.24xlarge; it has 1g.5gb, 1g.10gb, 2g.10gb, 3g.20gb, 4g.20gb, 7g.40gb',
    ],
    [
      "turns without a number",
      { instanceTypes: ["g6.xlarge"], sharing: { mode: "time-slicing" } },
      "`sharing.replicas`: nothing must be a whole number from 2 to 48 for time-slicing",
    ],
    [
      "a type without a GPU",
      { instanceTypes: ["m7i.large"] },
      '`instanceTypes[0]`: "m7i.large" has no NVIDIA GPU that is known; there are the families g4dn, g5, g5g, g6, g6e, g7, g7e, gr6, p3dn, p4d, p4de, p5, p5e, p5en, p6-b200, p6-b300',
    ],
    [
      "a size that the family lacks",
      { instanceTypes: ["p5.xlarge"] },
      '`instanceTypes[0]`: "p5.xlarge" has no NVIDIA GPU that is known; of its family there are p5.4xlarge, p5.48xlarge',
    ],
    [
      "two architectures",
      { instanceTypes: ["g5.xlarge", "g5g.xlarge"] },
      "`instanceTypes`: mix amd64 and arm64; a pool has one architecture",
    ],
    [
      "EFA on a type without it",
      { instanceTypes: ["g6.xlarge"], efa: true },
      "`efa`: g6.xlarge has no Elastic Fabric Adapter; leave it off or take a larger type",
    ],
    [
      "a capacity block without its reservation",
      { instanceTypes: ["p5.48xlarge"], capacity: "capacity-block" },
      "`capacityReservationId`: must name the capacity block, as in cr-0123456789abcdef0",
    ],
    [
      "nodes that Karpenter should keep",
      { instanceTypes: ["g6.xlarge"], provisioner: "karpenter", minNodes: 1 },
      "`minNodes`: 1 must be 0: Karpenter makes nodes for pods alone",
    ],
    [
      "a group that would have no node ever",
      { instanceTypes: ["g6.xlarge"], minNodes: 0 },
      '`minNodes`: 0 must be at least 1: nothing adds nodes to a group of EKS; provisioner "karpenter" starts from 0',
    ],
    [
      "shared GPUs that Karpenter would make no node for",
      {
        instanceTypes: ["g6.xlarge"],
        provisioner: "karpenter",
        sharing: { mode: "time-slicing", replicas: 4 },
      },
      '`sharing.mode`: "time-slicing" is of no use with Karpenter, which makes no node for a share of a GPU; use provisioner "eks"',
    ],
    [
      "EFA that Karpenter gives by itself",
      { instanceTypes: ["p4d.24xlarge"], provisioner: "karpenter", efa: true },
      "`efa`: is not Karpenter's to be told: it gives nodes their adapters for pods that ask for vpc.amazonaws.com/efa; leave it out",
    ],
    [
      "what cannot be said of nodes that are there",
      { provisioner: "existing", ami: "bottlerocket", rootVolumeGiB: 500, capacity: "spot", minNodes: 1 },
      ["capacity", "minNodes", "ami", "rootVolumeGiB"]
        .map((field) => `\`${field}\`: has no effect with provisioner "existing"; leave it out`)
        .join("; "),
    ],
    [
      "how many GPUs a type has",
      { instanceTypes: ["g6.xlarge"], gpusPerNode: 4 },
      '`gpusPerNode`: has no effect with provisioner "eks"; leave it out',
    ],
    [
      "more nodes at least than at most",
      { instanceTypes: ["g6.xlarge"], minNodes: 3, maxNodes: 2 },
      "`maxNodes`: 2 must be a whole number of at least 1 and not less than `minNodes` (3)",
    ],
    [
      "no cluster to join",
      { instanceTypes: ["g6.xlarge"], cluster: undefined },
      '`cluster`: must be given for provisioner "eks"',
    ],
  ];
  for (const [what, args, message] of wrong) it(`refuses ${what}`, () => refused(args, message));
});

describe("GPU data", () => {
  it("knows a model for every instance type", () => {
    for (const [name, { gpu }] of Object.entries(GPU_INSTANCE_TYPES)) assert.ok(GPU_MODELS[gpu], name);
  });

  it("has profiles for every memory size of the GPUs that can be cut", () => {
    for (const [name, { gpu, memoryMiB }] of Object.entries(GPU_INSTANCE_TYPES)) {
      if (GPU_MODELS[gpu]!.mig) assert.ok(migProfiles(gpu, memoryMiB), `${name} ${memoryMiB}`);
    }
  });
});
