import { allow, type Statement } from "./aws-policies";

/** Where and what Karpenter may work on. */
export interface KarpenterScope {
  readonly clusterName: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
  /** Keys of nodes' volumes that are not AWS' own. */
  readonly volumeKeyArns: readonly string[];
}

/**
 * What Karpenter 1.14's controller needs: it starts, tags and ends only what carries this cluster's tag, and hands out one role.
 * Actions and conditions are those of Karpenter's reference of its CloudFormation template.
 */
export function karpenterPermissions(scope: KarpenterScope): string {
  return allow(...launch(scope), ...volumeKeys(scope), ...instanceProfiles(scope), ...reading(scope));
}

const LAUNCH = ["ec2:RunInstances", "ec2:CreateFleet"];
const NODE_POOL = "karpenter.sh/nodepool";
const NODE_CLASS = "karpenter.k8s.aws/ec2nodeclass";

function launch({ clusterName, partition, region, nodeRoleArn, queueArn }: KarpenterScope): Statement[] {
  const owned = `kubernetes.io/cluster/${clusterName}`;
  const of = (kinds: readonly string[], account = "*") =>
    kinds.map((kind) => `arn:${partition}:ec2:${region}:${account}:${kind}/*`);
  const made = of([
    "fleet",
    "instance",
    "volume",
    "network-interface",
    "launch-template",
    "spot-instances-request",
  ]);
  const requested = {
    StringEquals: {
      [`aws:RequestTag/${owned}`]: "owned",
      "aws:RequestTag/eks:eks-cluster-name": clusterName,
    },
    StringLike: { [`aws:RequestTag/${NODE_POOL}`]: "*" },
  };
  const existing = {
    StringEquals: { [`aws:ResourceTag/${owned}`]: "owned" },
    StringLike: { [`aws:ResourceTag/${NODE_POOL}`]: "*" },
  };
  return [
    {
      actions: LAUNCH,
      resources: [
        ...of(["image", "snapshot"], ""),
        ...of(["security-group", "subnet", "capacity-reservation", "placement-group"]),
      ],
    },
    { actions: LAUNCH, resources: of(["launch-template"]), condition: existing },
    { actions: [...LAUNCH, "ec2:CreateLaunchTemplate"], resources: made, condition: requested },
    {
      actions: ["ec2:CreateTags"],
      resources: made,
      condition: {
        ...requested,
        StringEquals: {
          ...requested.StringEquals,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
      },
    },
    {
      actions: ["ec2:CreateTags"],
      resources: of(["instance"]),
      condition: {
        ...existing,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": clusterName },
        "ForAllValues:StringEquals": {
          "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
        },
      },
    },
    {
      actions: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      resources: of(["instance", "launch-template"]),
      condition: existing,
    },
    {
      actions: ["iam:PassRole"],
      resources: [nodeRoleArn],
      condition: {
        StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
      },
    },
    {
      actions: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      resources: [queueArn],
    },
  ];
}

/** EC2 encrypts a node's volumes in the name of whoever starts it, and keeps the key's use by a grant. */
function volumeKeys({ region, volumeKeyArns }: KarpenterScope): Statement[] {
  if (volumeKeyArns.length === 0) return [];
  const services = [`ec2.${region}.amazonaws.com`, `ec2.${region}.amazonaws.com.cn`];
  const viaEc2 = { StringEquals: { "kms:ViaService": services } };
  return [
    {
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      resources: volumeKeyArns,
      condition: viaEc2,
    },
    {
      actions: ["kms:CreateGrant"],
      resources: volumeKeyArns,
      condition: { ...viaEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function instanceProfiles({ clusterName, partition, region, account }: KarpenterScope): Statement[] {
  const resources = [`arn:${partition}:iam::${account}:instance-profile/*`];
  const tags = (from: "RequestTag" | "ResourceTag", cluster: boolean) => ({
    [`aws:${from}/kubernetes.io/cluster/${clusterName}`]: "owned",
    ...(cluster ? { [`aws:${from}/eks:eks-cluster-name`]: clusterName } : {}),
    [`aws:${from}/topology.kubernetes.io/region`]: region,
  });
  const anyClass = (from: "RequestTag" | "ResourceTag") => ({ [`aws:${from}/${NODE_CLASS}`]: "*" });
  return [
    {
      actions: ["iam:CreateInstanceProfile"],
      resources,
      condition: { StringEquals: tags("RequestTag", true), StringLike: anyClass("RequestTag") },
    },
    {
      actions: ["iam:TagInstanceProfile"],
      resources,
      condition: {
        StringEquals: { ...tags("ResourceTag", false), ...tags("RequestTag", true) },
        StringLike: { ...anyClass("ResourceTag"), ...anyClass("RequestTag") },
      },
    },
    {
      actions: [
        "iam:AddRoleToInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:DeleteInstanceProfile",
      ],
      resources,
      condition: { StringEquals: tags("ResourceTag", false), StringLike: anyClass("ResourceTag") },
    },
    { actions: ["iam:GetInstanceProfile"], resources },
    { actions: ["iam:ListInstanceProfiles"], resources: ["*"] },
  ];
}

/** What is not a resource's own cannot be narrowed further than to a region. */
function reading({ clusterName, partition, region, account }: KarpenterScope): Statement[] {
  const kinds = [
    "CapacityReservations",
    "Images",
    "Instances",
    "InstanceStatus",
    "InstanceTypeOfferings",
    "InstanceTypes",
    "LaunchTemplates",
    "PlacementGroups",
    "SecurityGroups",
    "SpotPriceHistory",
    "Subnets",
  ];
  return [
    {
      actions: kinds.map((kind) => `ec2:Describe${kind}`),
      resources: ["*"],
      condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    { actions: ["ssm:GetParameter"], resources: [`arn:${partition}:ssm:${region}::parameter/aws/service/*`] },
    { actions: ["pricing:GetProducts"], resources: ["*"] },
    {
      actions: ["eks:DescribeCluster"],
      resources: [`arn:${partition}:eks:${region}:${account}:cluster/${clusterName}`],
    },
  ];
}
