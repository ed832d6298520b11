export { GpuSupport } from "./cluster/gpu-support";
export type { GpuSupportArgs } from "./cluster/gpu-support";
export { PlatformServices } from "./cluster/platform-services";
export type { AwsPlatform, PlatformServicesArgs } from "./cluster/platform-services";
export type { ChartSettings } from "./internal/chart-release";
export { GpuNodePool } from "./cluster/gpu-node-pool";
export type { GpuNodePoolArgs } from "./cluster/gpu-node-pool";
export type { PoolSettings, Taint } from "./cluster/pool-settings";
export { ServingCluster } from "./cluster/serving-cluster";
export type { ClusterReference, ServingClusterArgs } from "./cluster/serving-cluster";
export type { ClusterSettings, SystemNodes } from "./cluster/cluster-settings";
export { ServingNetwork } from "./cluster/serving-network";
export type { NetworkReference, ServingNetworkArgs } from "./cluster/serving-network";
export type { GpuPool } from "./internal/gpu-pool";
export type { GpuSharing } from "./internal/gpu-sharing";
export { EdgeSite } from "./edge/edge-site";
export type { EdgeSiteArgs } from "./edge/edge-site";
export type { EdgeCache, EdgeMetrics, EdgeSettings } from "./edge/edge-settings";
export { RuntimeImage } from "./image/runtime-image";
export type { ExistingImage, RuntimeImageArgs } from "./image/runtime-image";
export type { ImageBuild, ImageSettings, Platform, RegistryLogin } from "./image/image-settings";
export { Model } from "./model/model";
export type { ModelArgs, ModelVersion } from "./model/model-settings";
export type { ModelOptions } from "./model/model-options";
export type { FileTensor, ModelTensor } from "./internal/onnx/tensors";
export { ModelRepository } from "./model/model-repository";
export type {
  ModelReference,
  ModelRepositoryArgs,
  ModelRepositorySettings,
  RegistryAddress,
} from "./model/model-repository";
export type { RepositorySignature } from "./model/repository-models";
export type { OciRepositoryArgs } from "./model/oci-repository";
export type { PvcRepositoryArgs, RepositoryClaim } from "./model/pvc-repository";
export type { RepositoryBucket } from "./model/repository-objects";
export type { ExistingBucket, S3RepositoryArgs } from "./model/s3-repository";
export { TelemetryCollector } from "./observability/telemetry-collector";
export type { TelemetryCollectorArgs } from "./observability/telemetry-collector";
export type {
  DebugExporter,
  ElasticsearchExporter,
  OtlpExporter,
  OtlpHttpExporter,
  TelemetryCollectorSettings,
  TelemetryExporter,
  TelemetrySampling,
  TelemetrySignal,
} from "./observability/telemetry-settings";
export type { StackRetraining } from "./observability/stack-retraining";
export type { StackCollector, StackTelemetry } from "./observability/stack-telemetry";
export type { ServiceTelemetry, TelemetryReceiver } from "./internal/server-telemetry";
export type { GatewayTracing, SpanReceiver } from "./traffic/gateway-tracing";
export { Monitoring } from "./observability/monitoring";
export type { GpuExporter } from "./observability/gpu-exporter";
export type { MonitoringArgs, MonitoringServer } from "./observability/monitoring";
export type { ExistingPrometheus, MonitoringSettings } from "./observability/monitoring-settings";
export type { RemoteWrite, RemoteWriteTls, SigV4 } from "./observability/monitoring-remote-write";
export type {
  AccessAuth,
  ExistingGrafana,
  MonitoringAccess,
} from "./observability/monitoring-access-settings";
export type {
  AlertGrouping,
  AlertReceiver,
  AlertRoute,
  AlertSeverity,
  AlertingSettings,
  EmailReceiver,
  MonitoringStorage,
  OpsgenieReceiver,
  PagerDutyReceiver,
  PodTarget,
  SlackReceiver,
  WebhookReceiver,
} from "./observability/alertmanager-settings";
export { RetrainingTrigger } from "./observability/retraining-trigger";
export type { RetrainingTriggerArgs } from "./observability/retraining-trigger";
export type {
  AirflowRetraining,
  ArgoRetraining,
  GithubRetraining,
  HttpRetraining,
  KubeflowRetraining,
  RetrainingSettings,
  RetrainingTarget,
} from "./observability/retraining-trigger-settings";
export type { Scraper } from "./internal/monitor-labels";
export { InferenceService } from "./serving/inference-service";
export type { InferenceServiceArgs } from "./serving/inference-service";
export { QueueWorker } from "./serving/queue-worker";
export type { QueueWorkerArgs } from "./serving/queue-worker";
export type {
  BrokerCredentials,
  BrokerQueues,
  KafkaQueues,
  QueueWorkerSettings,
  RabbitMqQueues,
} from "./serving/queue-worker-settings";
export type { AlertSettings } from "./observability/alerts/alert-settings";
export type { AvailabilityObjective, LatencyObjective, Objectives } from "./serving/objectives";
export type { PayloadLog } from "./serving/payload-log-settings";
export type { ServiceSettings } from "./serving/service-settings";
export { ServerlessEndpoint } from "./serving/serverless-endpoint";
export type { ServerlessEndpointArgs } from "./serving/serverless-endpoint";
export type {
  IamCallers,
  JwtCallers,
  ServerlessDomain,
  ServerlessNetwork,
  ServerlessSettings,
} from "./serving/serverless-settings";
export type {
  AdapterScaling,
  CpuScaling,
  KedaScaling,
  RequestLoad,
  ServiceScaling,
} from "./serving/scaling-settings";
export type { NodeRequirement, Toleration } from "./internal/placement-checks";
export { prometheusAdapterRules } from "./internal/scaling-queries";
export { existingPlatform, platformOutput } from "./platform-reference";
export type { ExistingPlatform } from "./platform-reference";
export { ServingStack } from "./serving-stack";
export type { ServingStackArgs, StackService } from "./serving-stack";
export { ApiGateway } from "./traffic/api-gateway";
export type { ApiGatewayArgs } from "./traffic/api-gateway";
export type {
  ApiKeyAuth,
  ApiKeyClient,
  BasicAuth,
  BasicUser,
  ClaimRule,
  ClaimRules,
  GatewayAuth,
  JwtAuth,
  MutualTls,
  OidcAuth,
  RouteAuth,
} from "./traffic/auth-settings";
export type { CertificateSettings, CertManagerSettings } from "./traffic/certificate-settings";
export type { CorsSettings } from "./traffic/cors-settings";
export type { AccessLogs, LoadBalancerSettings } from "./traffic/load-balancer-settings";
export { CertificateAuthority } from "./traffic/certificate-authority";
export type { CertificateAuthorityArgs } from "./traffic/certificate-authority";
export { existingGateway } from "./traffic/gateway-reference";
export type { ExistingGateway, GatewayReference } from "./traffic/gateway-reference";
export { ServerCertificate } from "./traffic/server-certificate";
export type { ServerCertificateArgs } from "./traffic/server-certificate";
export { Rollout } from "./traffic/rollout";
export type {
  FlaggerSettings,
  RolloutArgs,
  RolloutBackend,
  RolloutSettings,
  RolloutSlot,
} from "./traffic/rollout";
export { ServiceRoute } from "./traffic/service-route";
export type { ServiceRouteArgs } from "./traffic/service-route";
export { TokenAuthority } from "./traffic/token-authority";
export type { TokenAuthorityArgs } from "./traffic/token-authority";
export type { Peer } from "./internal/network-policy";
export { transform } from "./transform";
export type { ResourceInputs, TransformTarget } from "./transform";
