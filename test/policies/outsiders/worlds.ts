import type { World } from "../corpus/model";
import { arn, aws, KEY } from "../corpus/worlds/aws";
import { cluster } from "../corpus/worlds/aws-compute";
import { deployment, inTeam, job, k8s } from "../corpus/worlds/kubernetes";

/** A workload whose numbers Prometheus fetches. */
export function metrics(): World {
  const { resources, aliases } = deployment();
  const { service, ...others } = resources;
  const labels = { app: "shop" };
  const metadata = { ...(service!.props["metadata"] as object), labels };
  return {
    aliases: aliases!,
    resources: {
      monitor: k8s("monitoring.coreos.com/v1:ServiceMonitor", {
        metadata: inTeam("shop"),
        spec: { selector: { matchLabels: labels }, endpoints: [{ port: "http", path: "/metrics" }] },
      }),
      config: k8s("core/v1:ConfigMap", { metadata: inTeam("settings"), data: { mode: "safe" } }),
      service: { ...service!, props: { ...service!.props, metadata } },
      ...others,
    },
  };
}

/** What an administrator sets for a namespace. */
export function nodePolicy(): World {
  const { resources } = deployment();
  const limit = { memory: "1Gi", cpu: "1" };
  return {
    resources: {
      range: k8s("core/v1:LimitRange", {
        metadata: inTeam("each"),
        spec: {
          limits: [{ type: "Container", max: limit, min: limit, default: limit, defaultRequest: limit }],
        },
      }),
      quota: k8s("core/v1:ResourceQuota", {
        metadata: inTeam("all"),
        spec: {
          hard: { "requests.cpu": "8", "requests.memory": "8Gi", "limits.cpu": "8", "limits.memory": "8Gi" },
        },
      }),
      repos: k8s("constraints.gatekeeper.sh/v1beta1:K8sAllowedRepos", {
        metadata: { name: "repos" },
        spec: { enforcementAction: "deny", parameters: { repos: ["registry.example/"] } },
      }),
      ...resources,
    },
  };
}

/** A workflow of Argo's with one step. */
export function workflow(): World {
  const { resources } = job();
  const template = (resources["workload"]!.props["spec"] as { template: { spec: Record<string, unknown> } })
    .template.spec;
  const [container] = template["containers"] as Record<string, unknown>[];
  const { workload: _, ...others } = resources;
  return {
    resources: {
      workflow: k8s("argoproj.io/v1alpha1:Workflow", {
        metadata: inTeam("train"),
        spec: {
          entrypoint: "train",
          serviceAccountName: "shop",
          automountServiceAccountToken: false,
          securityContext: template["securityContext"],
          templates: [{ name: "train", container }],
        },
      }),
      ...others,
    },
  };
}

/** An ingress of nginx with the ConfigMap of its controller and an EndpointSlice. */
export function single(role: string, type: string, props: Record<string, unknown>): () => World {
  return () => ({ resources: { [role]: aws(type, props) } });
}

const ROLE = "arn:aws:iam::111122223333:role/shop";
const NAMES = { subnetIds: ["subnet-a", "subnet-b"], vpcSecurityGroupIds: ["sg-1"] };

export const athena = single("workgroup", "athena/workgroup:Workgroup", {
  name: "team",
  configuration: {
    enforceWorkgroupConfiguration: true,
    resultConfiguration: {
      outputLocation: "s3://results/",
      encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: KEY },
    },
  },
});
export const athenaDatabase = single("database", "athena/database:Database", {
  name: "team",
  bucket: "results",
  encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: KEY },
});
export const build = single("build", "codebuild/project:Project", {
  name: "shop",
  serviceRole: ROLE,
  encryptionKey: KEY,
  artifacts: { type: "S3", location: "artifacts" },
  environment: {
    computeType: "BUILD_GENERAL1_SMALL",
    image: "aws/codebuild/standard:7.0",
    type: "LINUX_CONTAINER",
  },
  source: { type: "NO_SOURCE", buildspec: "version: 0.2" },
  logsConfig: { cloudwatchLogs: { groupName: "/build", status: "ENABLED" } },
});
export const aggregator = single("aggregator", "cfg/configurationAggregator:ConfigurationAggregator", {
  name: "all",
  accountAggregationSource: { accountIds: ["111122223333"], allRegions: true },
});
export const documents = single("cluster", "docdb/cluster:Cluster", {
  clusterIdentifier: "shop",
  engine: "docdb",
  masterUsername: "shop_owner",
  manageMasterUserPassword: true,
  storageEncrypted: true,
  kmsKeyId: KEY,
  enabledCloudwatchLogsExports: ["audit", "profiler"],
  backupRetentionPeriod: 14,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "last",
});
export const graph = single("cluster", "neptune/cluster:Cluster", {
  clusterIdentifier: "shop",
  engine: "neptune",
  storageEncrypted: true,
  kmsKeyArn: KEY,
  iamDatabaseAuthenticationEnabled: true,
  enableCloudwatchLogsExports: ["audit"],
  backupRetentionPeriod: 14,
  deletionProtection: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "last",
});
export const warehouse = single("cluster", "redshift/cluster:Cluster", {
  clusterIdentifier: "shop",
  nodeType: "ra3.xlplus",
  masterUsername: "shop_owner",
  manageMasterPassword: true,
  encrypted: true,
  kmsKeyId: KEY,
  publiclyAccessible: false,
  clusterSubnetGroupName: "private",
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "last",
});
export const broker = single("broker", "mq/broker:Broker", {
  brokerName: "shop",
  engineType: "ActiveMQ",
  engineVersion: "5.18",
  hostInstanceType: "mq.m5.large",
  deploymentMode: "ACTIVE_STANDBY_MULTI_AZ",
  publiclyAccessible: false,
  encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: KEY },
  logs: { audit: true, general: true },
  securityGroups: ["sg-1"],
  subnetIds: NAMES.subnetIds,
});
export const accelerator = single("dax", "dax/cluster:Cluster", {
  clusterName: "shop",
  iamRoleArn: ROLE,
  nodeType: "dax.r4.large",
  replicationFactor: 3,
  serverSideEncryption: { enabled: true },
  clusterEndpointEncryptionType: "TLS",
});
export const desktop = single("desktop", "workspaces/workspace:Workspace", {
  bundleId: "wsb-1",
  directoryId: "d-1",
  userName: "a",
  rootVolumeEncryptionEnabled: true,
  userVolumeEncryptionEnabled: true,
  volumeEncryptionKey: KEY,
});
export const machine = single("machine", "sfn/stateMachine:StateMachine", {
  name: "train",
  roleArn: ROLE,
  definition: "{}",
  loggingConfiguration: {
    level: "ALL",
    includeExecutionData: false,
    logDestination: `${arn("logs", "log-group:/train")}:*`,
  },
  tracingConfiguration: { enabled: true },
});
export const emr = single("configuration", "emr/securityConfiguration:SecurityConfiguration", {
  name: "shop",
  configuration: emrConfiguration(true),
});

export function emrConfiguration(atRest: boolean): string {
  return JSON.stringify({
    EncryptionConfiguration: {
      EnableInTransitEncryption: true,
      EnableAtRestEncryption: atRest,
      InTransitEncryptionConfiguration: {
        TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object: "s3://certificates/a.zip" },
      },
      ...(atRest && {
        AtRestEncryptionConfiguration: {
          S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: KEY },
          LocalDiskEncryptionConfiguration: { EncryptionKeyProviderType: "AwsKms", AwsKmsKey: KEY },
        },
      }),
    },
  });
}

export const containers = (variables: readonly unknown[]): string =>
  JSON.stringify([
    {
      name: "shop",
      image: `registry.example/shop@sha256:${"3c".repeat(32)}`,
      essential: true,
      readonlyRootFilesystem: true,
      user: "10001",
      environment: variables,
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/shop" } },
    },
  ]);
export const task = single("task", "ecs/taskDefinition:TaskDefinition", {
  family: "shop",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: ROLE,
  taskRoleArn: ROLE,
  containerDefinitions: containers([]),
  volumes: [
    {
      name: "models",
      efsVolumeConfiguration: {
        fileSystemId: "fs-1",
        transitEncryption: "ENABLED",
        authorizationConfig: { iam: "ENABLED", accessPointId: "fsap-1" },
      },
    },
  ],
});
export const containerCluster = single("cluster", "ecs/cluster:Cluster", {
  name: "shop",
  settings: [{ name: "containerInsights", value: "enhanced" }],
});

/** The cluster, about its nodes. */
export function nodes(): World {
  const { nodes: own, ...others } = cluster().resources;
  return {
    resources: {
      nodes: { ...own!, props: { ...own!.props, amiType: "BOTTLEROCKET_x86_64_NVIDIA" } },
      ...others,
    },
  };
}
