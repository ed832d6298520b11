import assert from "node:assert";
import * as components from "../../components";
import { assertReferencePage, table } from "../support/reference-page";
import { classDoc, classExample, fieldsOf } from "./support/doc-comments";

/** Class, its file, and the interfaces that make up its inputs, each with its file. */
const COMPONENTS: [string, string, [string, string][]][] = [
  [
    "ServingStack",
    "serving-stack.ts",
    [
      ["ServingStackArgs", "stack-settings.ts"],
      ["StackService", "stack-settings.ts"],
    ],
  ],
  [
    "InferenceService",
    "serving/inference-service.ts",
    [
      ["InferenceServiceArgs", "serving/inference-service.ts"],
      ["ServiceSettings", "serving/service-settings.ts"],
      ["Objectives", "serving/objectives.ts"],
      ["AvailabilityObjective", "serving/objectives.ts"],
      ["LatencyObjective", "serving/objectives.ts"],
      ["CpuScaling", "serving/scaling-settings.ts"],
      ["AdapterScaling", "serving/scaling-settings.ts"],
      ["KedaScaling", "serving/scaling-settings.ts"],
      ["PayloadLog", "serving/payload-log-settings.ts"],
      ["NodeRequirement", "internal/placement-checks.ts"],
      ["Toleration", "internal/placement-checks.ts"],
    ],
  ],
  [
    "QueueWorker",
    "serving/queue-worker.ts",
    [
      ["QueueWorkerArgs", "serving/queue-worker.ts"],
      ["QueueWorkerSettings", "serving/queue-worker-settings.ts"],
      ["BrokerQueues", "serving/queue-worker-settings.ts"],
      ["KafkaQueues", "serving/queue-worker-settings.ts"],
      ["RabbitMqQueues", "serving/queue-worker-settings.ts"],
    ],
  ],
  [
    "ServerlessEndpoint",
    "serving/serverless-endpoint.ts",
    [
      ["ServerlessEndpointArgs", "serving/serverless-endpoint.ts"],
      ["IamCallers", "serving/serverless-settings.ts"],
      ["JwtCallers", "serving/serverless-settings.ts"],
      ["ServerlessSettings", "serving/serverless-settings.ts"],
      ["ServerlessDomain", "serving/serverless-settings.ts"],
      ["ServerlessNetwork", "serving/serverless-settings.ts"],
    ],
  ],
  [
    "EdgeSite",
    "edge/edge-site.ts",
    [
      ["EdgeSiteArgs", "edge/edge-site.ts"],
      ["EdgeSettings", "edge/edge-settings.ts"],
      ["EdgeCache", "edge/edge-settings.ts"],
      ["EdgeMetrics", "edge/edge-settings.ts"],
    ],
  ],
  [
    "TelemetryCollector",
    "observability/telemetry-collector.ts",
    [
      ["TelemetryCollectorArgs", "observability/telemetry-collector.ts"],
      ["GivenCollector", "observability/telemetry-settings.ts"],
      ["TelemetryCollectorSettings", "observability/telemetry-settings.ts"],
      ["NetworkExporter", "observability/telemetry-settings.ts"],
      ["OtlpExporter", "observability/telemetry-settings.ts"],
      ["OtlpHttpExporter", "observability/telemetry-settings.ts"],
      ["ElasticsearchExporter", "observability/telemetry-settings.ts"],
      ["DebugExporter", "observability/telemetry-settings.ts"],
      ["TelemetryReceiver", "internal/server-telemetry.ts"],
    ],
  ],
  [
    "RetrainingTrigger",
    "observability/retraining-trigger.ts",
    [
      ["RetrainingTriggerArgs", "observability/retraining-trigger.ts"],
      ["RetrainingSettings", "observability/retraining-trigger-settings.ts"],
      ["HttpRetraining", "observability/retraining-trigger-settings.ts"],
      ["ArgoRetraining", "observability/retraining-trigger-settings.ts"],
      ["KubeflowRetraining", "observability/retraining-trigger-settings.ts"],
      ["GithubRetraining", "observability/retraining-trigger-settings.ts"],
      ["AirflowRetraining", "observability/retraining-trigger-settings.ts"],
    ],
  ],
  [
    "ServingNetwork",
    "cluster/serving-network.ts",
    [
      ["NetworkSettings", "cluster/network-settings.ts"],
      ["NetworkReference", "cluster/serving-network.ts"],
    ],
  ],
  [
    "ServingCluster",
    "cluster/serving-cluster.ts",
    [
      ["ServingClusterArgs", "cluster/serving-cluster.ts"],
      ["ClusterSettings", "cluster/cluster-settings.ts"],
      ["SystemNodes", "cluster/cluster-settings.ts"],
      ["ClusterReference", "cluster/serving-cluster.ts"],
    ],
  ],
  [
    "GpuNodePool",
    "cluster/gpu-node-pool.ts",
    [
      ["GpuNodePoolArgs", "cluster/gpu-node-pool.ts"],
      ["PoolSettings", "cluster/pool-settings.ts"],
      ["Taint", "cluster/pool-settings.ts"],
      ["GpuSharing", "internal/gpu-sharing.ts"],
    ],
  ],
  [
    "PlatformServices",
    "cluster/platform-services.ts",
    [
      ["PlatformServicesArgs", "cluster/platform-services.ts"],
      ["AwsPlatform", "cluster/platform-services.ts"],
      ["ChartSettings", "internal/chart-release.ts"],
    ],
  ],
  ["GpuSupport", "cluster/gpu-support.ts", [["GpuSupportArgs", "cluster/gpu-support.ts"]]],
  [
    "RuntimeImage",
    "image/runtime-image.ts",
    [
      ["ExistingImage", "image/runtime-image.ts"],
      ["ImageBuild", "image/image-settings.ts"],
      ["ImageSettings", "image/image-settings.ts"],
      ["RegistryLogin", "image/image-settings.ts"],
    ],
  ],
  [
    "Model",
    "model/model.ts",
    [
      ["ModelArgs", "model/model-settings.ts"],
      ["ModelVersion", "model/model-settings.ts"],
      ["ModelTensor", "internal/onnx/tensors.ts"],
    ],
  ],
  [
    "ModelRepository",
    "model/model-repository.ts",
    [
      ["ModelReference", "model/repository-models.ts"],
      ["RepositorySignature", "model/repository-models.ts"],
      ["OciRepositoryArgs", "model/oci-repository.ts"],
      ["S3RepositoryArgs", "model/s3-repository.ts"],
      ["ExistingBucket", "model/s3-repository.ts"],
      ["PvcRepositoryArgs", "model/pvc-repository.ts"],
      ["RepositoryClaim", "model/pvc-repository.ts"],
    ],
  ],
  [
    "ApiGateway",
    "traffic/api-gateway.ts",
    [
      ["ApiGatewayArgs", "traffic/api-gateway.ts"],
      ["GatewaySettings", "traffic/gateway-settings.ts"],
      ["GatewayTracing", "traffic/gateway-tracing.ts"],
      ["SpanReceiver", "traffic/gateway-tracing.ts"],
      ["LoadBalancerSettings", "traffic/load-balancer-settings.ts"],
      ["AccessLogs", "traffic/load-balancer-settings.ts"],
      ["CertificateSettings", "traffic/certificate-settings.ts"],
      ["CertManagerSettings", "traffic/certificate-settings.ts"],
      ["GatewayAuth", "traffic/auth-settings.ts"],
      ["MutualTls", "traffic/auth-settings.ts"],
      ["CorsSettings", "traffic/cors-settings.ts"],
    ],
  ],
  [
    "ServiceRoute",
    "traffic/service-route.ts",
    [
      ["ServiceRouteArgs", "traffic/service-route.ts"],
      ["GatewayReference", "traffic/gateway-reference.ts"],
      ["RouteAuth", "traffic/auth-settings.ts"],
      ["JwtAuth", "traffic/auth-settings.ts"],
      ["ClaimRules", "traffic/auth-settings.ts"],
      ["ClaimRule", "traffic/auth-settings.ts"],
      ["OidcAuth", "traffic/auth-settings.ts"],
      ["ApiKeyAuth", "traffic/auth-settings.ts"],
      ["ApiKeyClient", "traffic/auth-settings.ts"],
      ["BasicAuth", "traffic/auth-settings.ts"],
      ["BasicUser", "traffic/auth-settings.ts"],
    ],
  ],
  [
    "Rollout",
    "traffic/rollout.ts",
    [
      ["RolloutArgs", "traffic/rollout.ts"],
      ["RolloutSettings", "traffic/rollout-settings.ts"],
      ["RolloutSlot", "traffic/rollout-settings.ts"],
    ],
  ],
  [
    "Monitoring",
    "observability/monitoring.ts",
    [
      ["MonitoringArgs", "observability/monitoring.ts"],
      ["MonitoringSettings", "observability/monitoring-settings.ts"],
      ["ExistingPrometheus", "observability/monitoring-settings.ts"],
      ["MonitoringStorage", "observability/alertmanager-settings.ts"],
      ["RemoteWrite", "observability/monitoring-remote-write.ts"],
      ["SigV4", "observability/monitoring-remote-write.ts"],
      ["RemoteWriteTls", "observability/monitoring-remote-write.ts"],
      ["AlertingSettings", "observability/alertmanager-settings.ts"],
      ["AlertGrouping", "observability/alertmanager-settings.ts"],
      ["AlertRoute", "observability/alertmanager-settings.ts"],
      ["AlertReceiver", "observability/alertmanager-settings.ts"],
      ["WebhookReceiver", "observability/alertmanager-settings.ts"],
      ["SlackReceiver", "observability/alertmanager-settings.ts"],
      ["PagerDutyReceiver", "observability/alertmanager-settings.ts"],
      ["OpsgenieReceiver", "observability/alertmanager-settings.ts"],
      ["EmailReceiver", "observability/alertmanager-settings.ts"],
      ["PodTarget", "observability/alertmanager-settings.ts"],
      ["MonitoringAccess", "observability/monitoring-access-settings.ts"],
      ["AccessAuth", "observability/monitoring-access-settings.ts"],
      ["ExistingGrafana", "observability/monitoring-access-settings.ts"],
      ["AlertSettings", "observability/alerts/alert-settings.ts"],
    ],
  ],
  [
    "CertificateAuthority",
    "traffic/certificate-authority.ts",
    [["CertificateAuthorityArgs", "traffic/certificate-authority.ts"]],
  ],
  [
    "ServerCertificate",
    "traffic/server-certificate.ts",
    [["ServerCertificateArgs", "traffic/server-certificate.ts"]],
  ],
  ["TokenAuthority", "traffic/token-authority.ts", [["TokenAuthorityArgs", "traffic/token-authority.ts"]]],
];

function fieldTable([name, file]: [string, string]): string {
  const rows = fieldsOf(file, name).map((field) => [
    `\`${field.name}\``,
    `\`${field.type}\``,
    field.optional ? asCode(field.fallback ?? "") : "**required**",
    field.doc,
  ]);
  return `\`${name}\`:\n\n${table(["field", "type", "default", "meaning"], rows)}`;
}

function example(name: string, file: string): string {
  const code = classExample(file, name);
  return code === undefined ? "" : `\`\`\`ts\n${code}\n\`\`\`\n\n`;
}

/** Defaults that are values, not words, are set as code. */
const asCode = (fallback: string): string => (/^["[{\d]/.test(fallback) ? `\`${fallback}\`` : fallback);

const PAGE = `# Components

Pulumi components in TypeScript, over \`@pulumi/kubernetes\`, \`@pulumi/tls\` and, for clusters on AWS, \`@pulumi/aws\`. Those that
serve expect Envoy Gateway 1.9, the Gateway API CRDs and the Prometheus operator in the cluster.

\`\`\`ts
import { ServingStack } from "@slipway/slipway";

const stack = new ServingStack("slipway", {
  runtimeImage: "registry.example.com/slipway/runtime@sha256:…",
  tokenIssuer: "https://models.example.com",
  gateway: { host: "models.example.com" },
  services: [
    {
      name: "text",
      models: [{ name: "pp-ocrv4-rec", version: "4", source: "oci://registry.example.com/models/text@sha256:…", sha256: "…" }],
    },
  ],
});
export const caCertificate = stack.authority.certificatePem;
\`\`\`

Inputs are checked whole: all mistakes appear in one \`InputPropertiesError\`, each with its property path, before any child
exists. Times are in seconds unless a name says otherwise.

${COMPONENTS.map(([name, file, interfaces]) => `## ${name}\n\n${classDoc(file, name)}\n\n${example(name, file)}${interfaces.map(fieldTable).join("\n\n")}`).join("\n\n")}

## What tokens may do

| scope | allows |
| --- | --- |
| \`infer\` | inference (\`…/infer\`, \`…/generate\`, \`ModelInfer\`, \`ModelStreamInfer\`), and reading |
| \`admin\` | everything |
| any valid token | reading: metadata, health, configuration and statistics of models |

Without a token, or with one that is malformed or expired, a gateway answers 401; with one that lacks the scope, 403.

## Network flows

Every namespace that the stack makes denies all traffic by default. Allowed are the gateway's proxies to the servers (8000,
8001), Prometheus to the servers (8002) and to the proxies (19001), servers to their model registry, both to DNS, Prometheus to
the API server, and \`readerCidrs\` to Prometheus (9090).
`;

describe("docs/reference/components.md", () => {
  it("says what the doc comments say", () => assertReferencePage("docs/reference/components.md", PAGE));

  it("describes every component that is exported", () => {
    const classes = Object.keys(components).filter((name) => /^[A-Z]/.test(name));
    assert.deepEqual(COMPONENTS.map(([name]) => name).sort(), classes.sort());
  });
});
