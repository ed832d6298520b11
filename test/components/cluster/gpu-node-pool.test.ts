import assert from "node:assert";
import type * as pulumi from "@pulumi/pulumi";
import { GpuNodePool, type GpuNodePoolArgs } from "../../../components/cluster/gpu-node-pool";
import { bottlerocketSettings } from "../../../components/internal/bottlerocket";
import { GPU_INSTANCE_TYPES } from "../../../components/internal/gpu-instance-types";
import { GPU_MODELS, migProfiles } from "../../../components/internal/gpu-models";
import { checkPoolFit, checkPoolShares } from "../../../components/internal/gpu-pool";
import { Problems } from "../../../components/internal/validation";
import { idsInZone } from "../../../components/internal/zone-subnets";
import { declare, type Declaration } from "../support/declared";

const CLUSTER = {
  clusterName: "serving",
  nodeSubnetIds: ["subnet-a", "subnet-b"],
  nodeRoleArn: "arn:aws:iam::123456789012:role/node",
  nodeRoleName: "node",
  securityGroupId: "sg-cluster",
};

const BLOCK: GpuNodePoolArgs = {
  capacity: "capacity-block",
  capacityReservationId: "cr-0123456789abcdef0",
  availabilityZone: "eu-central-1b",
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

/** What an update leaves as it is, of each node group. */
async function leftAlone(args: GpuNodePoolArgs): Promise<(string[] | undefined)[]> {
  const left: (string[] | undefined)[] = [];
  const transformations: pulumi.ResourceTransformation[] = [
    ({ type, opts }) => {
      if (type === "aws:eks/nodeGroup:NodeGroup") left.push(opts.ignoreChanges);
      return undefined;
    },
  ];
  const given = { cluster: CLUSTER, instanceTypes: ["g6.xlarge"], ...args };
  await declare(() => new GpuNodePool("gpu", given, { transformations }));
  return left;
}

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
      assert.deepEqual(await leftAlone({}), [undefined]);
      const none = { minSize: 0, desiredSize: 0, maxSize: 2 };
      assert.deepEqual(await size({ minNodes: 0, ...BLOCK }), none);
      assert.deepEqual(await size({ minNodes: 0, autoscaled: true }), none);
    });

    it("leaves the number of nodes to the autoscaler where there is one", async () => {
      assert.deepEqual(await leftAlone({ autoscaled: true }), [["scalingConfig.desiredSize"]]);
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
      const { declared } = await pool({ instanceTypes: ["p5.48xlarge"], ...BLOCK });
      const template = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      assert.equal(template.instanceType, "p5.48xlarge");
      assert.equal(template.instanceMarketOptions.marketType, "capacity-block");
      const nodes = one(declared, "aws:eks/nodeGroup:NodeGroup");
      assert.equal(nodes.capacityType, "CAPACITY_BLOCK");
      assert.equal(nodes.instanceTypes, undefined);
      assert.deepEqual(nodes.subnetIds, ["subnet-b"]);
    });

    it("has nodes in all zones, or in the one that is named", async () => {
      const subnets = async (args: GpuNodePoolArgs) =>
        one((await pool({ instanceTypes: ["g6.xlarge"], ...args })).declared, "aws:eks/nodeGroup:NodeGroup")
          .subnetIds;
      assert.deepEqual(await subnets({}), ["subnet-a", "subnet-b"]);
      const nodeSubnetIds = ["subnet-a", "subnet-b", "subnet-2a"];
      assert.deepEqual(
        await subnets({ cluster: { ...CLUSTER, nodeSubnetIds }, availabilityZone: "eu-central-1a" }),
        ["subnet-a", "subnet-2a"],
      );
    });

    it("refuses a zone in which the cluster has no subnet, once that is known", () => {
      const subnets = ["a", "b"].map((zone) => ({ id: zone, availabilityZone: `eu-central-1${zone}` }));
      assert.throws(() => idsInZone("gpu", "eu-central-1c", subnets), {
        message:
          'GpuNodePool "gpu": `availabilityZone`: "eu-central-1c" has none of the cluster\'s subnets for nodes; they are in eu-central-1a, eu-central-1b',
      });
    });

    it("encrypts both volumes of a node with Bottlerocket", async () => {
      const { declared } = await pool({
        instanceTypes: ["g6.xlarge"],
        ami: "bottlerocket",
        rootVolumeGiB: 200,
        kmsKeyId: "key-1",
      });
      const { blockDeviceMappings } = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      const volumes = (blockDeviceMappings as { deviceName: string; ebs: Record<string, unknown> }[]).map(
        ({ deviceName, ebs }) => [deviceName, ebs.volumeSize, ebs.encrypted, ebs.kmsKeyId],
      );
      assert.deepEqual(volumes, [
        ["/dev/xvda", 4, "true", "key-1"],
        ["/dev/xvdb", 200, "true", "key-1"],
      ]);
    });

    it("keeps the GPU operator off nodes with Bottlerocket, which share GPUs themselves", async () => {
      const labels = async (ami: "al2023" | "bottlerocket") => {
        const sharing = { mode: "time-slicing", replicas: 4 } as const;
        const { declared } = await pool({ instanceTypes: ["g6.xlarge"], ami, sharing });
        const given = one(declared, "aws:eks/nodeGroup:NodeGroup").labels;
        return [
          given["nvidia.com/gpu.deploy.operands"],
          given["nvidia.com/device-plugin.config"],
          given["slipway.dev/gpu-sharing"],
        ];
      };
      assert.deepEqual(await labels("bottlerocket"), ["false", undefined, "time-slicing-4"]);
      assert.deepEqual(await labels("al2023"), [undefined, "time-slicing-4", undefined]);
    });

    it("puts EFA on the cards that have it: the first one of a p6-b300 has addresses alone", async () => {
      const { declared } = await pool({
        instanceTypes: ["p6-b300.48xlarge"],
        efa: true,
        availabilityZone: "eu-central-1a",
      });
      const { networkInterfaces } = one(declared, "aws:ec2/launchTemplate:LaunchTemplate");
      const [first, ...others] = networkInterfaces as Record<string, unknown>[];
      assert.deepEqual(
        [first!.networkCardIndex, first!.interfaceType, first!.associatePublicIpAddress],
        [0, "interface", "false"],
      );
      assert.deepEqual(
        others.map((card) => [card.networkCardIndex, card.deviceIndex, card.interfaceType]),
        Array.from({ length: 16 }, (_, i) => [i + 1, 0, "efa-only"]),
      );
      // EC2 refuses to start an instance with an answer to this for an interface that has no address.
      for (const card of others) assert.equal("associatePublicIpAddress" in card, false);
    });

    it("puts an EFA interface on every card, in a placement group", async () => {
      const { declared } = await pool({
        instanceTypes: ["p4d.24xlarge"],
        efa: true,
        availabilityZone: "eu-central-1a",
      });
      assert.deepEqual(one(declared, "aws:eks/nodeGroup:NodeGroup").subnetIds, ["subnet-a"]);
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
        instanceTypes: ["g6.12xlarge", "g6.24xlarge"],
        capacity: "spot",
        maxNodes: 3,
        availabilityZone: "eu-central-1a",
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
      assert.deepEqual(nodePool.template.spec.requirements[3], {
        key: "topology.kubernetes.io/zone",
        operator: "In",
        values: ["eu-central-1a"],
      });
      assert.deepEqual(nodePool.template.spec.taints, [
        { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
      ]);
    });

    it("encrypts both volumes of a node with Bottlerocket", async () => {
      const { declared } = await pool({
        provisioner: "karpenter",
        instanceTypes: ["g6.xlarge"],
        ami: "bottlerocket",
        kmsKeyId: "key-1",
      });
      const { spec } = declared.object("EC2NodeClass", "gpu");
      const common = { volumeType: "gp3", encrypted: true, deleteOnTermination: true, kmsKeyID: "key-1" };
      assert.deepEqual(spec.blockDeviceMappings, [
        { deviceName: "/dev/xvda", ebs: { ...common, volumeSize: "4Gi" } },
        { deviceName: "/dev/xvdb", ebs: { ...common, volumeSize: "100Gi" } },
      ]);
    });
  });

  describe("what pods ask for", () => {
    const cases: [string, GpuNodePoolArgs, string, number, number][] = [
      ["whole GPUs", { instanceTypes: ["g6.12xlarge"] }, "nvidia.com/gpu", 4, 4],
      ["those of all nodes", { instanceTypes: ["g6.12xlarge"], minNodes: 3 }, "nvidia.com/gpu", 4, 12],
      [
        "those that an autoscaler adds",
        { instanceTypes: ["g6.12xlarge"], maxNodes: 5, autoscaled: true },
        "nvidia.com/gpu",
        4,
        20,
      ],
      [
        "those that Karpenter adds",
        { instanceTypes: ["g6.12xlarge"], provisioner: "karpenter", maxNodes: 5 },
        "nvidia.com/gpu",
        4,
        20,
      ],
      [
        "those of a capacity block that has not begun",
        { instanceTypes: ["p5.48xlarge"], minNodes: 0, ...BLOCK },
        "nvidia.com/gpu",
        8,
        16,
      ],
      [
        "the smallest type of several",
        { instanceTypes: ["g6.12xlarge", "g6.xlarge"], minNodes: 5 },
        "nvidia.com/gpu",
        1,
        5,
      ],
      [
        "turns on a GPU",
        { instanceTypes: ["g6.xlarge"], minNodes: 2, sharing: { mode: "time-slicing", replicas: 4 } },
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

    it("is no more than the nodes have that there are, where nothing adds any", async () => {
      const { made } = await pool({ instanceTypes: ["g6.xlarge"], maxNodes: 3 });
      const said = (check: (problems: Problems) => void) => {
        const problems = new Problems("InferenceService", "text");
        check(problems);
        return () => problems.throwIfAny();
      };
      const allowed =
        "the pool allows 1 on its `minNodes` and 3 on its `maxNodes`: raise the former, or set `autoscaled` where something adds nodes";
      assert.throws(
        said((problems) => checkPoolFit({ gpus: 1, maxReplicas: 3 }, made, problems)),
        {
          message: `InferenceService "text": \`maxReplicas\`: 3 nvidia.com/gpu asked (3 pods of 1), ${allowed}`,
        },
      );
      const services = ["a", "b"].map((name) => ({ name, gpus: 1, maxReplicas: 1, gpuPool: made }));
      assert.throws(
        said((problems) => checkPoolShares(services, problems)),
        {
          message: `InferenceService "text": \`services\`: 2 nvidia.com/gpu asked by a, b, ${allowed}`,
        },
      );
    });

    it("is a single unit for each pod where pods share GPUs", async () => {
      const sharing = { mode: "mps", replicas: 3 } as const;
      const { made } = await pool({ instanceTypes: ["g6.12xlarge"], sharing });
      assert.deepEqual([made.unitsPerNode, made.unitsPerPod], [12, 1]);
    });

    it("is waited for where a node may have to start for it", async () => {
      const starts = async (args: GpuNodePoolArgs) =>
        (await pool({ instanceTypes: ["g6.xlarge"], ...args })).made.startsNodes;
      assert.equal(await starts({}), false);
      assert.equal(await starts({ autoscaled: true }), true);
      assert.equal(await starts({ provisioner: "karpenter" }), true);
      assert.equal(await starts({ instanceTypes: ["p5.48xlarge"], ...BLOCK }), false);
      assert.equal(await starts({ instanceTypes: ["p5.48xlarge"], minNodes: 0, ...BLOCK }), true);
      assert.equal(await starts({ provisioner: "existing", cluster: undefined, instanceTypes: [] }), false);
    });

    it("tolerates the taints of existing nodes, each once", async () => {
      const { made } = await pool({
        provisioner: "existing",
        cluster: undefined,
        taints: [
          { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
          { key: "nvidia.com/gpu", effect: "NoExecute" },
        ],
      });
      assert.deepEqual(made.tolerations, [
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" },
      ]);
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
      { instanceTypes: ["g6.xlarge"], efa: true, availabilityZone: "eu-central-1a" },
      "`efa`: g6.xlarge has no Elastic Fabric Adapter; leave it off or take a larger type",
    ],
    [
      "a capacity block without its reservation",
      { instanceTypes: ["p5.48xlarge"], ...BLOCK, capacityReservationId: undefined },
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
      "EFA in no particular zone",
      { instanceTypes: ["p4d.24xlarge"], efa: true },
      "`availabilityZone`: must be given with `efa`, as in eu-central-1a: its placement group lies in one zone; " +
        "a node group that is there is replaced, its successor's nodes starting first",
    ],
    [
      "a capacity block in no particular zone",
      { instanceTypes: ["p5.48xlarge"], ...BLOCK, availabilityZone: undefined },
      "`availabilityZone`: must name the zone that the reservation lies in, as in eu-central-1a; " +
        "a node group that is there is replaced, its successor's nodes starting first, for which the reservation must have room",
    ],
    [
      "a region as a zone",
      { instanceTypes: ["g6.xlarge"], availabilityZone: "eu-central-1" },
      '`availabilityZone`: "eu-central-1" must be the name of a zone, as in eu-central-1a',
    ],
    [
      "a reservation for several types",
      { instanceTypes: ["g6.xlarge", "g6.2xlarge"], ...BLOCK, capacity: "on-demand" },
      "`instanceTypes`: must be the one type of the reservation, not 2",
    ],
    [
      "EFA on cards that differ",
      {
        instanceTypes: ["p6-b300.48xlarge", "p6-b200.48xlarge"],
        efa: true,
        availabilityZone: "eu-central-1a",
      },
      "`instanceTypes`: have their Elastic Fabric Adapters on different network cards; make a pool for each",
    ],
    [
      "nodes of several sizes from Karpenter",
      { instanceTypes: ["g6.12xlarge", "g6.xlarge"], provisioner: "karpenter" },
      "`instanceTypes`: have 1 and 4 GPUs: Karpenter's limit counts GPUs, and `maxNodes` holds for nodes of one size alone; make a pool for each",
    ],
    [
      "an autoscaler besides Karpenter",
      { instanceTypes: ["g6.xlarge"], provisioner: "karpenter", autoscaled: true },
      "`autoscaled`: is what Karpenter does by itself; leave it out",
    ],
    [
      "a type twice",
      { instanceTypes: ["g6.xlarge", "g6.xlarge"] },
      '`instanceTypes[1]`: "g6.xlarge" is there twice',
    ],
    [
      "more types than a group of EKS takes",
      {
        instanceTypes: Object.keys(GPU_INSTANCE_TYPES)
          .filter((name) => !name.startsWith("g5g."))
          .slice(0, 21),
      },
      "`instanceTypes`: 21 types must be at most 20 in a group of EKS",
    ],
    [
      "sharing of an unknown kind",
      { instanceTypes: ["g6.xlarge"], sharing: { mode: "timeslicing" as never } },
      '`sharing.mode`: "timeslicing" must be one of none, time-slicing, mps, mig',
    ],
    [
      "a cut that Bottlerocket does not make",
      { instanceTypes: ["p5.48xlarge"], ami: "bottlerocket", sharing: { mode: "mig", profile: "4g.40gb" } },
      '`sharing.profile`: "4g.40gb" is not among the cuts that Bottlerocket makes of the H100 in p5.48xlarge: 1g.10gb, 1g.20gb, 2g.20gb, 3g.40gb, 7g.80gb',
    ],
    [
      "a cut of nodes that are there which is none",
      { provisioner: "existing", sharing: { mode: "mig", profile: "half" } },
      '`sharing.profile`: "half" must be a MIG profile, as in "1g.10gb"',
    ],
    [
      "a label that is none",
      { instanceTypes: ["g6.xlarge"], labels: { "bad key!": "x" } },
      '`labels["bad key!"]`: "bad key!" must be a label\'s key, as in "example.com/team"',
    ],
    ...[
      "kubernetes.io/hostname",
      "topology.kubernetes.io/zone",
      "karpenter.sh/foo",
      "karpenter.k8s.aws/foo",
    ].map((key): [string, GpuNodePoolArgs, string] => [
      `the label ${key}`,
      { instanceTypes: ["g6.xlarge"], provisioner: "karpenter", labels: { [key]: "x" } },
      `\`labels["${key}"]\`: labels of ${/kubernetes.io/.test(key) ? "kubernetes.io" : key.split("/")[0]} are not yours to give; take another domain`,
    ]),
    [
      "a label by which others count its GPUs",
      { instanceTypes: ["g6.xlarge"], labels: { "slipway.dev/gpu-sharing": "mps-4" } },
      '`labels["slipway.dev/gpu-sharing"]`: is set by the pool itself',
    ],
    [
      "a label that the pool has already",
      { instanceTypes: ["g6.xlarge"], labels: { "nvidia.com/gpu.present": "false" } },
      '`labels["nvidia.com/gpu.present"]`: is set by the pool itself',
    ],
    [
      "a selector that no node could meet",
      { provisioner: "existing", nodeSelector: { gpu: "a b" } },
      '`nodeSelector["gpu"]`: "a b" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    ],
    [
      "taints that nodes would not get",
      {
        instanceTypes: ["g6.xlarge"],
        taints: [
          { key: "", effect: "NoSchedule" },
          { key: "a", effect: "Never" as never },
          { key: "b", value: "x y", effect: "NoExecute" },
          { key: "nvidia.com/gpu", effect: "NoSchedule" },
        ],
      },
      '`taints[0].key`: "" must be a label\'s key, as in "example.com/team"; ' +
        '`taints[1].effect`: "Never" must be one of NoSchedule, PreferNoSchedule, NoExecute; ' +
        '`taints[2].value`: "x y" must be at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit; ' +
        '`taints[3]`: there is one with the key "nvidia.com/gpu" and the effect NoSchedule already',
    ],
    [
      "tags of AWS' own",
      { instanceTypes: ["g6.xlarge"], tags: { "aws:foo": "x" } },
      '`tags["aws:foo"]`: keys that begin with "aws:" are AWS\' own',
    ],
    [
      "tags of Karpenter's own",
      { instanceTypes: ["g6.xlarge"], provisioner: "karpenter", tags: { "karpenter.sh/nodepool": "x" } },
      '`tags["karpenter.sh/nodepool"]`: is set by Karpenter itself',
    ],
    [
      "a volume that is larger than any",
      { instanceTypes: ["g6.xlarge"], rootVolumeGiB: 99_999 },
      "`rootVolumeGiB`: 99999 must be a whole number from 50 to 16384",
    ],
    [
      "more nodes than a cluster has",
      { instanceTypes: ["g6.xlarge"], maxNodes: 1e21 },
      "`maxNodes`: 1e+21 must be at most 100000: no cluster has more",
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

  it("has what Bottlerocket calls every GPU that can be cut, and only cuts that it makes", () => {
    const names: Record<string, string> = {
      "p4d.24xlarge": "a100.40gb",
      "p4de.24xlarge": "a100.80gb",
      "p5.4xlarge": "h100.80gb",
      "p5.48xlarge": "h100.80gb",
      "p5e.48xlarge": "h200.141gb",
      "p5en.48xlarge": "h200.141gb",
      "p6-b200.48xlarge": "b200.180gb",
      "p6-b300.48xlarge": "b300.269gb",
    };
    for (const [name, { gpu, memoryMiB }] of Object.entries(GPU_INSTANCE_TYPES)) {
      if (!GPU_MODELS[gpu]!.mig) continue;
      const called = name.startsWith("g7e.") ? "rtxpro6000.96gb" : names[name];
      const profiles = Object.keys(migProfiles(gpu, memoryMiB, "bottlerocket") ?? {});
      assert.ok(profiles.length > 0, name);
      for (const profile of profiles) {
        // Its MIG manager knows the half of a GPU as 3g; those of the newest can be cut by 4g too.
        if (profile.startsWith("4g.")) assert.match(called ?? "", /^(b300|rtxpro6000)/, name);
        const text = bottlerocketSettings({ mode: "mig", profile }, [name]) ?? "";
        assert.ok(text.includes(`"${called}" = "${profile}"\n`), `${name}: ${text}`);
      }
    }
  });

  it("knows on which network cards EFA is", () => {
    const later = Object.entries(GPU_INSTANCE_TYPES).filter(([, { firstEfaCard }]) => firstEfaCard > 0);
    assert.deepEqual(
      later.map(([name, { firstEfaCard, efaInterfaces }]) => [name, firstEfaCard, efaInterfaces]),
      [["p6-b300.48xlarge", 1, 16]],
    );
  });
});
