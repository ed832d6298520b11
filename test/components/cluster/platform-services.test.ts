import assert from "node:assert";
import { GpuNodePool } from "../../../components/cluster/gpu-node-pool";
import { GpuSupport, sharingConfigs } from "../../../components/cluster/gpu-support";
import {
  PlatformServices,
  type AwsPlatform,
  type PlatformServicesArgs,
} from "../../../components/cluster/platform-services";
import { merge } from "../../../components/internal/chart-release";
import { karpenterPermissions } from "../../../components/internal/karpenter-permissions";
import { loadBalancerPermissions } from "../../../components/internal/load-balancer-permissions";
import { CHARTS } from "../../../components/internal/platform-charts";
import { declare, type Declaration } from "../support/declared";

const CLUSTER = {
  clusterName: "serving",
  nodeSubnetIds: ["subnet-a"],
  nodeRoleArn: "arn:aws:iam::123456789012:role/node",
  nodeRoleName: "node",
  securityGroupId: "sg-cluster",
};
const AWS = { cluster: CLUSTER, vpcId: "vpc-1" };

const platform = (args: PlatformServicesArgs = {}): Promise<Declaration> =>
  declare(() => void new PlatformServices("platform", args));

const releases = (declared: Declaration) =>
  declared.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");

describe("PlatformServices", () => {
  it("installs every service with its pinned version in a namespace of its own", async () => {
    const declared = await platform({ aws: AWS });
    const installed = releases(declared).map(({ inputs }) => [
      inputs.chart,
      inputs.version,
      inputs.namespace,
    ]);
    const expected = Object.entries(CHARTS)
      .filter(([service]) => service !== "gpuOperator")
      .map(([, { chart, version, namespace }]) => [chart, version, namespace]);
    assert.deepEqual(installed.sort(), expected.sort());
    assert.ok(releases(declared).every(({ inputs }) => inputs.atomic === true));
  });

  it("leaves out what is there already, and what needs AWS elsewhere", async () => {
    const declared = await platform({ certManager: { install: false }, flagger: { install: false } });
    assert.deepEqual(
      releases(declared)
        .map(({ name }) => name.replace("platform-", ""))
        .sort(),
      ["envoyGateway", "externalSecrets", "keda", "metricsServer", "prometheusOperator"],
    );
  });

  it("lays a program's values over its own", async () => {
    const declared = await platform({
      prometheusOperator: { version: "88.5.2", values: { prometheus: { enabled: true }, extra: [1] } },
    });
    const { inputs } = releases(declared).find(({ name }) => name === "platform-prometheusOperator")!;
    assert.equal(inputs.version, "88.5.2");
    assert.deepEqual(inputs.values.prometheus, { enabled: true });
    assert.deepEqual(inputs.values.grafana, { enabled: false });
    assert.deepEqual(inputs.values.extra, [1]);
  });

  it("gives the AWS controllers an identity each, tied to their service accounts", async () => {
    const declared = await platform({ aws: AWS });
    const identities = declared.resources
      .filter(({ type }) => type === "aws:eks/podIdentityAssociation:PodIdentityAssociation")
      .map(({ inputs }) => [inputs.namespace, inputs.serviceAccount]);
    assert.deepEqual(identities.sort(), [
      ["aws-load-balancer-system", "aws-load-balancer-controller"],
      ["karpenter", "karpenter"],
    ]);
    const karpenter = releases(declared).find(({ name }) => name === "platform-karpenter")!;
    assert.deepEqual(karpenter.inputs.values.settings, {
      clusterName: "serving",
      interruptionQueue: "platform-karpenter-interruptions",
    });
  });

  it("gives the AWS controllers' first pods their credentials, for which EKS may be too late", async () => {
    const declared = await platform({ aws: AWS });
    const values = (service: string) =>
      releases(declared).find(({ name }) => name === `platform-${service}`)!.inputs.values;
    const folder = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${folder}/eks-pod-identity-token`,
      AWS_REGION: "eu-central-1",
    };
    // Named as EKS' webhook names it, which then adds no second one.
    const name = "eks-pod-identity-token";
    const mounts = [{ name, mountPath: folder, readOnly: true }];
    const serviceAccountToken = {
      audience: "pods.eks.amazonaws.com",
      path: "eks-pod-identity-token",
      expirationSeconds: 3600,
    };
    const volumes = [{ name, projected: { sources: [{ serviceAccountToken }] } }];
    const karpenter = values("karpenter");
    assert.deepEqual(
      karpenter.controller.env,
      Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    );
    assert.deepEqual(karpenter.controller.extraVolumeMounts, mounts);
    assert.deepEqual(karpenter.extraVolumes, volumes);
    const balancers = values("loadBalancerController");
    assert.deepEqual(balancers.env, env);
    assert.deepEqual(balancers.extraVolumeMounts, mounts);
    assert.deepEqual(balancers.extraVolumes, volumes);
  });

  it("refuses AWS controllers without a cluster", async () => {
    await declare(() =>
      assert.throws(() => new PlatformServices("platform", { karpenter: { install: true } }), {
        message: 'PlatformServices "platform": `karpenter`: needs `aws`: it works with an EKS cluster alone',
      }),
    );
  });
});

describe("what AWS controllers may do", () => {
  const scope = {
    clusterName: "serving",
    partition: "aws",
    region: "eu-central-1",
    account: "123456789012",
    nodeRoleArn: CLUSTER.nodeRoleArn,
    queueArn: "arn:aws:sqs:eu-central-1:123456789012:queue",
    volumeKeyArns: [],
  };
  interface Granted {
    Effect: string;
    Action: string[];
    Resource: string[];
    Condition?: object;
  }
  const statements = (policy: string): Granted[] => JSON.parse(policy).Statement;

  it("is never a wildcard of actions", () => {
    for (const policy of [karpenterPermissions(scope), loadBalancerPermissions("aws", "serving")]) {
      for (const { Action } of statements(policy)) {
        for (const action of Action) assert.match(action, /^[a-z0-9-]+:[A-Za-z]+$/);
      }
    }
  });

  it("ends instances of this cluster alone", () => {
    const ending = statements(karpenterPermissions(scope)).filter(({ Action }) =>
      Action.includes("ec2:TerminateInstances"),
    );
    assert.equal(ending.length, 1);
    assert.match(JSON.stringify(ending[0]!.Condition), /aws:ResourceTag\/kubernetes.io\/cluster\/serving/);
  });

  it("uses the keys of nodes' volumes that are named, through EC2 alone", async () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/nodes";
    const granted = async (aws: AwsPlatform) => {
      const { resources } = await platform({ aws });
      const { inputs } = resources.find(({ name }) => name === "platform-karpenter-policy")!;
      assert.ok(inputs.policy.length < 10_240);
      return statements(inputs.policy).filter(({ Action }) => Action.some((name) => name.startsWith("kms:")));
    };
    assert.deepEqual(await granted(AWS), []);
    const statementsOfKey = await granted({ ...AWS, volumeKeyArns: [key] });
    assert.deepEqual(
      statementsOfKey.flatMap(({ Action }) => Action),
      [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:CreateGrant",
      ],
    );
    const viaEc2 = {
      "kms:ViaService": ["ec2.eu-central-1.amazonaws.com", "ec2.eu-central-1.amazonaws.com.cn"],
    };
    assert.deepEqual(
      statementsOfKey.map(({ Resource, Condition }) => [Resource, Condition]),
      [
        [[key], { StringEquals: viaEc2 }],
        [[key], { StringEquals: viaEc2, Bool: { "kms:GrantIsForAWSResource": "true" } }],
      ],
    );
  });

  it("lets load balancers into the security groups of their own cluster alone", async () => {
    const declared = await platform({ aws: AWS });
    const granted = declared.resources.find(({ name }) => name === "platform-load-balancer-policy")!;
    const opening = statements(granted.inputs.policy).filter(({ Action }) =>
      Action.includes("ec2:AuthorizeSecurityGroupIngress"),
    );
    assert.deepEqual(opening.map(({ Condition }) => Condition).sort(), [
      { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } },
      { Null: { "aws:ResourceTag/kubernetes.io/cluster/serving": "false" } },
    ]);
    assert.deepEqual(opening[1]!.Action, [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:RevokeSecurityGroupIngress",
    ]);
    assert.deepEqual(opening[1]!.Resource, ["arn:aws:ec2:*:*:security-group/*"]);
  });

  it("needs none for what the chart switches off: an ALB would wait for its address otherwise", () => {
    const actions = statements(loadBalancerPermissions("aws", "serving")).flatMap(({ Action }) => Action);
    assert.deepEqual(
      actions.filter((action) => /^(shield|waf-regional):/.test(action)),
      [],
    );
    const { values } = CHARTS.loadBalancerController;
    assert.deepEqual(values, { enableShield: false, enableWaf: false });
  });

  it("is as much for ALBs as for NLBs, and puts a web ACL before the former", () => {
    const all = statements(loadBalancerPermissions("aws", "serving"));
    const tagged = all.filter(({ Action }) => Action.includes("elasticloadbalancing:AddTags"));
    assert.equal(tagged.length, 3);
    for (const { Resource } of tagged) {
      const kinds = (kind: string) => Resource.filter((arn) => arn.includes(`/${kind}/`)).length;
      assert.ok(kinds("app") > 0, Resource.join());
      assert.equal(kinds("app"), kinds("net"), Resource.join());
    }
    const actions = all.flatMap(({ Action }) => Action).filter((action) => /wafv2|SetWebAcl/.test(action));
    assert.deepEqual(actions, [
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
      "wafv2:AssociateWebACL",
      "wafv2:DisassociateWebACL",
      "elasticloadbalancing:SetWebAcl",
    ]);
  });

  it("hands nodes one role", () => {
    const passing = statements(karpenterPermissions(scope)).filter(({ Action }) =>
      Action.includes("iam:PassRole"),
    );
    assert.deepEqual(passing[0]!.Resource, [CLUSTER.nodeRoleArn]);
  });

  it("fits into an inline policy", () => {
    // IAM counts without white space; a role's inline policies may have 10,240 characters together.
    assert.ok(karpenterPermissions(scope).length < 10_240);
    assert.ok(loadBalancerPermissions("aws", "serving").length < 10_240);
  });
});

describe("GpuSupport", () => {
  it("configures the device plugin for what the pools declare", async () => {
    const declared = await declare(() => {
      const pools = [
        new GpuNodePool("turns", {
          cluster: CLUSTER,
          instanceTypes: ["g6.xlarge"],
          sharing: { mode: "time-slicing", replicas: 4 },
        }),
        new GpuNodePool("cuts", {
          cluster: CLUSTER,
          instanceTypes: ["p4d.24xlarge"],
          sharing: { mode: "mig", profile: "1g.5gb" },
        }),
      ];
      new GpuSupport("gpus", { pools });
    });
    const { data } = declared.object("ConfigMap", "slipway-gpu-sharing");
    assert.deepEqual(Object.keys(data).sort(), ["time-slicing-4", "whole"]);
    const [operator] = releases(declared);
    assert.equal(operator!.inputs.values.devicePlugin.config.default, "whole");
    assert.equal(operator!.inputs.values.migManager.enabled, true);
    assert.equal(operator!.inputs.values.driver.enabled, false);
  });

  it("configures nothing for nodes with Bottlerocket, which do the same themselves", async () => {
    const declared = await declare(() => {
      const ami = "bottlerocket";
      const turns = { mode: "time-slicing", replicas: 4 } as const;
      const cuts = { mode: "mig", profile: "1g.5gb" } as const;
      const pools = [
        new GpuNodePool("turns", { cluster: CLUSTER, instanceTypes: ["g6.xlarge"], ami, sharing: turns }),
        new GpuNodePool("cuts", { cluster: CLUSTER, instanceTypes: ["p4d.24xlarge"], ami, sharing: cuts }),
      ];
      new GpuSupport("gpus", { pools });
    });
    assert.deepEqual(Object.keys(declared.object("ConfigMap", "slipway-gpu-sharing").data), ["whole"]);
    assert.equal(releases(declared)[0]!.inputs.values.migManager.enabled, false);
  });

  it("reaches nodes with any taint of the pools", async () => {
    const declared = await declare(() => {
      const taints = [{ key: "team", value: "vision", effect: "NoExecute" }] as const;
      const pools = [
        new GpuNodePool("whole", { cluster: CLUSTER, instanceTypes: ["g6.xlarge"] }),
        new GpuNodePool("vision", { cluster: CLUSTER, instanceTypes: ["g6.xlarge"], taints }),
      ];
      new GpuSupport("gpus", { pools });
    });
    const { values } = releases(declared)[0]!.inputs;
    const pools = [
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      { key: "team", operator: "Exists", effect: "NoExecute" },
    ];
    assert.deepEqual(values.daemonsets.tolerations, pools);
    assert.deepEqual(values["node-feature-discovery"].worker.tolerations.slice(-2), pools);
  });

  it("names shared GPUs apart from whole ones and refuses more than one turn a pod", () => {
    const settings = { sharing: { mode: "time-slicing", replicas: 4 } } as GpuNodePool["settings"];
    assert.equal(
      sharingConfigs([{ settings }])["time-slicing-4"],
      `version: v1
flags:
  migStrategy: mixed
sharing:
  timeSlicing:
    renameByDefault: true
    resources:
      - name: nvidia.com/gpu
        replicas: 4
    failRequestsGreaterThanOne: true
`,
    );
  });
});

describe("merge", () => {
  it("merges maps and replaces the rest, as helm does", () => {
    assert.deepEqual(merge({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2] }, d: { e: 1 } }), {
      a: { b: 1, c: [2] },
      d: { e: 1 },
    });
  });
});
