import assert from "node:assert";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { GpuNodePool } from "../../../components/cluster/gpu-node-pool";
import { ServingCluster, type ServingClusterArgs } from "../../../components/cluster/serving-cluster";
import { declare, type Declaration } from "../support/declared";

const NETWORK = { vpcId: "vpc-1", privateSubnetIds: ["subnet-a", "subnet-b"], publicSubnetIds: [] };

const cluster = (args: Partial<ServingClusterArgs> = {}): Promise<Declaration> =>
  declare(() => void new ServingCluster("serving", { network: NETWORK, ...args }));

const one = (declaration: Declaration, type: string, name?: string) => {
  const found = declaration.resources.filter(
    (resource) => resource.type === type && (name === undefined || resource.name === name),
  );
  assert.equal(found.length, 1, `${type} ${name ?? ""}`);
  return found[0]!.inputs;
};

async function refused(args: Partial<ServingClusterArgs>, message: string): Promise<void> {
  await declare(() =>
    assert.throws(() => new ServingCluster("serving", { network: NETWORK, ...args }), {
      message: `ServingCluster "serving": ${message}`,
    }),
  );
}

const PRIVATE_RANGES: Record<string, string> = {
  10: "10.0.0.0/8",
  100: "100.64.0.0/10",
  172: "172.16.0.0/12",
  192: "192.168.0.0/16",
};

describe("ServingCluster", () => {
  it("encrypts secrets, logs everything, keeps the API server inside and itself from deletion", async () => {
    const inputs = one(await cluster(), "aws:eks/cluster:Cluster");
    assert.equal(inputs.name, "serving");
    assert.deepEqual(inputs.encryptionConfig.resources, ["secrets"]);
    assert.match(inputs.encryptionConfig.provider.keyArn, /serving-secrets-key$/);
    assert.deepEqual(inputs.enabledClusterLogTypes, [
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    assert.equal(inputs.vpcConfig.endpointPrivateAccess, true);
    assert.equal(inputs.vpcConfig.endpointPublicAccess, false);
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.accessConfig.authenticationMode, "API");
  });

  it("owns its log group, which EKS would make without key and end", async () => {
    const inputs = one(await cluster(), "aws:cloudwatch/logGroup:LogGroup");
    assert.equal(inputs.name, "/aws/eks/serving/cluster");
    assert.equal(inputs.retentionInDays, 365);
    assert.match(inputs.kmsKeyId, /serving-logs-key$/);
  });

  it("opens the API server to the given ranges only", async () => {
    const { vpcConfig } = one(
      await cluster({ publicAccessCidrs: ["203.0.113.0/24"] }),
      "aws:eks/cluster:Cluster",
    );
    assert.deepEqual(
      [vpcConfig.endpointPublicAccess, vpcConfig.publicAccessCidrs],
      [true, ["203.0.113.0/24"]],
    );
  });

  it("enforces network policies and gives pods credentials of their own", async () => {
    const declared = await cluster();
    const addons = declared.resources.filter(({ type }) => type === "aws:eks/addon:Addon");
    assert.deepEqual(addons.map(({ inputs }) => inputs.addonName).sort(), [
      "aws-ebs-csi-driver",
      "coredns",
      "eks-pod-identity-agent",
      "kube-proxy",
      "vpc-cni",
    ]);
    const cni = one(declared, "aws:eks/addon:Addon", "serving-vpc-cni");
    assert.deepEqual(JSON.parse(cni.configurationValues), { enableNetworkPolicy: "true" });
    assert.equal(cni.podIdentityAssociations[0].serviceAccount, "aws-node");
    const attached = declared.resources
      .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter(({ inputs }) => inputs.role === "serving-node-role")
      .map(({ inputs }) => inputs.policyArn);
    assert.deepEqual(attached, [
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  it("starts nodes with encrypted disks and metadata out of pods' reach", async () => {
    const inputs = one(await cluster(), "aws:ec2/launchTemplate:LaunchTemplate");
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    assert.equal(inputs.blockDeviceMappings[0].ebs.encrypted, "true");
  });

  it("has another number of nodes when another is asked for, since nobody else sets it", async () => {
    const left: (string[] | undefined)[] = [];
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type, opts }) => {
        if (type === "aws:eks/nodeGroup:NodeGroup") left.push(opts.ignoreChanges);
        return undefined;
      },
    ];
    await declare(() => new ServingCluster("serving", { network: NETWORK }, { transformations }));
    assert.deepEqual(left, [undefined]);
  });

  it("makes an encrypted StorageClass the default, whose driver may use that key alone", async () => {
    const declared = await cluster();
    const storage = declared.object("StorageClass", "encrypted-gp3");
    assert.equal(storage.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "true");
    assert.match(storage.parameters.kmsKeyId, /serving-volumes-key$/);
    const policy = one(declared, "aws:iam/rolePolicy:RolePolicy").policy;
    for (const { Resource } of JSON.parse(policy).Statement) {
      assert.deepEqual(Resource, [storage.parameters.kmsKeyId]);
    }
  });

  it("hands out a kubeconfig as a secret, which asks AWS for a token and holds none", async () => {
    let made!: ServingCluster;
    await declare(() => {
      made = new ServingCluster("serving", { network: NETWORK });
    });
    assert.equal(await pulumi.isSecret(made.kubeconfig), true);
    const text = await new Promise<string>((resolve) => pulumi.unsecret(made.kubeconfig).apply(resolve));
    const { users, clusters } = JSON.parse(text);
    assert.equal(clusters[0].cluster.server, "https://cluster.example.com");
    assert.deepEqual(Object.keys(users[0].user), ["exec"]);
    assert.deepEqual(users[0].user.exec.args.slice(0, 3), ["--region", "eu-central-1", "eks"]);
  });

  it("gives whoever takes a role its permissions first", async () => {
    const permissions = [
      "serving-control-plane-role-0",
      "serving-node-role-0",
      "serving-node-role-1",
      "serving-cni-role-0",
      "serving-volumes-role-0",
      "serving-volumes-key-use",
    ];
    const { resources } = await declare(() => {
      const made = new ServingCluster("serving", { network: NETWORK });
      new GpuNodePool("gpu", { cluster: made, instanceTypes: ["g6.xlarge"] });
    }, permissions);
    const at = (name: string) => resources.findIndex((resource) => resource.name === name);
    const users: Record<string, string[]> = {
      "serving-cluster": ["serving-control-plane-role-0"],
      "serving-vpc-cni": ["serving-cni-role-0"],
      "serving-system-nodes": ["serving-node-role-0", "serving-node-role-1", "serving-cni-role-0"],
      "gpu-nodes": ["serving-node-role-0", "serving-node-role-1", "serving-vpc-cni"],
      "serving-aws-ebs-csi-driver": ["serving-volumes-role-0", "serving-volumes-key-use"],
    };
    for (const [user, needed] of Object.entries(users)) {
      for (const name of [user, ...needed]) assert.ok(at(name) >= 0, name);
      for (const name of needed) assert.ok(at(name) < at(user), `${user} before ${name}`);
    }
  });

  it("lets administrators in by access entries", async () => {
    const admin = "arn:aws:iam::123456789012:role/platform";
    const declared = await cluster({ administrators: [admin], creatorAdministers: false });
    assert.equal(one(declared, "aws:eks/accessEntry:AccessEntry").principalArn, admin);
    assert.equal(
      one(declared, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").policyArn,
      "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    );
    const { accessConfig } = one(declared, "aws:eks/cluster:Cluster");
    assert.equal(accessConfig.bootstrapClusterCreatorAdminPermissions, false);
  });

  it("lets administrators in before anything reaches the cluster, and so until all of it is gone", async () => {
    const admins = ["platform", "operations"].map((role) => `arn:aws:iam::123456789012:role/${role}`);
    const entries = admins.flatMap((_, i) => [
      `serving-administrator-${i}`,
      `serving-administrator-${i}-policy`,
    ]);
    const { resources } = await declare(() => {
      const made = new ServingCluster("serving", { network: NETWORK, administrators: admins });
      new Provider("own", { kubeconfig: made.kubeconfig });
    }, entries.slice(-1));
    const at = (name: string) => resources.findIndex((resource) => resource.name === name);
    for (const user of ["serving-kubernetes", "serving-storage", "own"]) {
      for (const name of [user, ...entries]) assert.ok(at(name) >= 0, name);
      for (const name of entries) assert.ok(at(name) < at(user), `${user} before ${name}`);
    }
  });

  const wrong: [string, Partial<ServingClusterArgs>, string][] = [
    [
      "everyone as a public range",
      { publicAccessCidrs: ["0.0.0.0/0"] },
      '`publicAccessCidrs[0]`: "0.0.0.0/0" must be an IPv4 range of /8 or narrower: the API server is never open to everyone',
    ],
    [
      "everyone in two halves",
      { publicAccessCidrs: ["0.0.0.0/1"] },
      '`publicAccessCidrs[0]`: "0.0.0.0/1" must be an IPv4 range of /8 or narrower: the API server is never open to everyone',
    ],
    ...["10.0.0.0/8", "10.2.3.0/24", "172.16.0.0/11", "100.100.0.1/32", "192.168.1.0/24"].map(
      (cidr): [string, Partial<ServingClusterArgs>, string] => [
        `the private addresses of ${cidr}`,
        { publicAccessCidrs: [cidr] },
        `\`publicAccessCidrs[0]\`: "${cidr}" has private addresses (${PRIVATE_RANGES[cidr.split(".")[0]!]}), which EKS refuses: nobody comes from them over the internet`,
      ],
    ),
    [
      "system nodes with Arm processors",
      {
        systemNodes: { instanceTypes: ["m7g.large", "t4g.medium", "c6gn.xlarge", "a1.large", "g4dn.xlarge"] },
      },
      ["m7g.large", "t4g.medium", "c6gn.xlarge", "a1.large"]
        .map(
          (name, i) =>
            `\`systemNodes.instanceTypes[${i}]\`: "${name}" has an Arm processor; the system nodes' image is for x86`,
        )
        .join("; "),
    ],
    [
      "system nodes of no type",
      { systemNodes: { instanceTypes: ["nonsense", "m7i.large", "m7i.large"] } },
      '`systemNodes.instanceTypes[0]`: "nonsense" must be an EC2 type, as in m7i.large; ' +
        '`systemNodes.instanceTypes[2]`: "m7i.large" is there twice',
    ],
    [
      "tags of AWS' own",
      { tags: { "AWS:x": "y" } },
      '`tags["AWS:x"]`: keys that begin with "aws:" are AWS\' own',
    ],
    [
      "a cluster that nobody could reach",
      { creatorAdministers: false },
      "`administrators`: must name at least one where `creatorAdministers` is false: nobody could reach the cluster",
    ],
    [
      "an administrator that is no ARN",
      { administrators: ["platform"] },
      '`administrators[0]`: "platform" must be the ARN of an IAM role or user',
    ],
    [
      "an unknown add-on",
      { addonVersions: { cni: "v1" } },
      "`addonVersions.cni`: there is no such add-on; there are vpc-cni, kube-proxy, eks-pod-identity-agent, coredns, aws-ebs-csi-driver",
    ],
    ["a version with a patch", { version: "1.35.2" }, '`version`: "1.35.2" must be as in "1.35"'],
    [
      "more nodes at least than at most",
      { systemNodes: { minNodes: 3, maxNodes: 2 } },
      "`systemNodes`: `minNodes` (3) must be at least 1 and `maxNodes` (2) not less",
    ],
  ];
  for (const [what, args, message] of wrong) it(`refuses ${what}`, () => refused(args, message));
});
