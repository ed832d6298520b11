/** Where a chart is and which one; versions are the newest that were out in August 2026. */
export interface Chart {
  /** Namespace of the release, made for it. */
  readonly namespace: string;
  /** Name in the repository, or an `oci://` reference. */
  readonly chart: string;
  /** Undefined for `oci://` charts. */
  readonly repository?: string;
  readonly version: string;
  /** What differs from the chart's own values. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The services of a platform that come as charts, by their field in PlatformServicesArgs. */
export const CHARTS = {
  certManager: {
    namespace: "cert-manager",
    chart: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: "v1.21.1",
    values: { crds: { enabled: true } },
  },
  envoyGateway: {
    namespace: "envoy-gateway-system",
    chart: "oci://docker.io/envoyproxy/gateway-helm",
    version: "v1.9.1",
    values: {},
  },
  prometheusOperator: {
    namespace: "monitoring-system",
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "88.5.3",
    // The operator, its CRDs and the exporters: Monitoring declares the servers, with authentication and network policies.
    values: {
      prometheus: { enabled: false },
      alertmanager: { enabled: false },
      grafana: { enabled: false },
      defaultRules: { create: false },
      // It would need the node's file system and process table: its namespace would have to be open to privileged pods.
      nodeExporter: { enabled: false },
    },
  },
  flagger: {
    namespace: "flagger-system",
    chart: "flagger",
    repository: "https://flagger.app",
    version: "1.44.0",
    values: { meshProvider: "gatewayapi:v1" },
  },
  keda: {
    namespace: "keda",
    chart: "keda",
    repository: "https://kedacore.github.io/charts",
    version: "2.20.2",
    values: {},
  },
  externalSecrets: {
    namespace: "external-secrets",
    chart: "external-secrets",
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    values: {},
  },
  metricsServer: {
    namespace: "metrics-server",
    chart: "metrics-server",
    repository: "https://kubernetes-sigs.github.io/metrics-server/",
    version: "3.13.1",
    values: {},
  },
  loadBalancerController: {
    namespace: "aws-load-balancer-system",
    chart: "aws-load-balancer-controller",
    repository: "https://aws.github.io/eks-charts",
    version: "3.5.0",
    // On by default, and asked for with every load balancer, wanted or not: without permissions for them an ALB never gets its address.
    values: { enableShield: false, enableWaf: false },
  },
  karpenter: {
    namespace: "karpenter",
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    version: "1.14.0",
    values: {},
  },
  gpuOperator: {
    namespace: "gpu-operator",
    chart: "gpu-operator",
    repository: "https://helm.ngc.nvidia.com/nvidia",
    version: "v26.7.0",
    values: {},
  },
} as const satisfies Record<string, Chart>;

export type ChartName = keyof typeof CHARTS;
