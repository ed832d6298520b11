import { join } from "node:path";
import { projectRoot } from "../paths";

/** Kubernetes, as in the `go.mod` of the cluster; a test holds the two equal. */
export const KUBERNETES_VERSION = "1.36.3";
export const PULUMI_VERSION = "3.250.0";
export const ENVOY_GATEWAY_VERSION = "1.9.1";
export const PROMETHEUS_OPERATOR_VERSION = "0.92.0";
export const PROMETHEUS_VERSION = "3.13.0";
export const METRICS_SERVER_VERSION = "0.9.0";
export const HELM_VERSION = "3.21.4";

/** A program that is built from a Go package. */
export interface GoProgram {
  readonly name: string;
  readonly package: string;
  /** `-X` settings: variables of packages that the upstream release process sets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the build of the group takes for it on 2 cores with an empty cache, after those before it: for estimates. */
  readonly typicalSeconds: number;
}

/** Programs of one Go module graph, built by one run of `go build`. */
export interface GoGroup {
  readonly name: "engine" | "cluster" | "helm" | "promtool";
  readonly title: string;
  /** Folder of its go.mod and go.sum. */
  readonly graph: string;
  /** Folder in the cache, before the key. Groups of one graph share it, and with it the key. */
  readonly cacheName: string;
  readonly programs: readonly GoProgram[];
  /** Build tags, for all its programs. */
  readonly tags?: readonly string[];
  /** Folders of modules that hold charts and CRDs, kept beside the programs. */
  readonly moduleFolders: Readonly<Record<string, readonly string[]>>;
  /** Packages that a build with an empty cache compiles: for estimates. */
  readonly typicalPackages: number;
}

const [major = "", minor = ""] = KUBERNETES_VERSION.split(".");
const VERSION_PACKAGE = "k8s.io/component-base/version";
const kubernetesVariables = {
  [`${VERSION_PACKAGE}.gitVersion`]: `v${KUBERNETES_VERSION}`,
  [`${VERSION_PACKAGE}.gitMajor`]: major,
  [`${VERSION_PACKAGE}.gitMinor`]: minor,
  [`${VERSION_PACKAGE}.gitTreeState`]: "clean",
};

const prometheusVariables = (version: string) => ({
  "github.com/prometheus/common/version.Version": version,
});

const kubernetes = (name: string, typicalSeconds: number): GoProgram => ({
  name,
  package: `k8s.io/kubernetes/cmd/${name}`,
  variables: kubernetesVariables,
  typicalSeconds,
});

const ENGINE: GoGroup = {
  name: "engine",
  title: "the Pulumi engine",
  graph: join(projectRoot, "toolchain/go/engine"),
  cacheName: "engine",
  programs: [
    {
      name: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      // Without it `pulumi version` prints nothing, and the Automation API refuses such an engine.
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI_VERSION}` },
      typicalSeconds: 200,
    },
  ],
  moduleFolders: {},
  typicalPackages: 1650,
};

const CLUSTER_GRAPH = { graph: join(projectRoot, "toolchain/go/cluster"), cacheName: "cluster" };

/** The cluster's platform services are installed from charts. */
const HELM_PROGRAM: GoProgram = {
  name: "helm",
  package: "helm.sh/helm/v3/cmd/helm",
  variables: { "helm.sh/helm/v3/internal/version.version": `v${HELM_VERSION}` },
  typicalSeconds: 30,
};

const CLUSTER: GoGroup = {
  name: "cluster",
  title: "the cluster programs",
  ...CLUSTER_GRAPH,
  // Prometheus finds its targets through Kubernetes; the SDKs of two dozen clouds are left out.
  tags: ["remove_all_sd", "enable_kubernetes_sd"],
  // In the order in which they are finished.
  programs: [
    { name: "pause", package: "slipway.invalid/toolchain/cluster/pause", typicalSeconds: 5 },
    kubernetes("kube-apiserver", 190),
    kubernetes("kube-controller-manager", 45),
    kubernetes("kube-scheduler", 5),
    kubernetes("kubelet", 16),
    kubernetes("kube-proxy", 7),
    { name: "coredns", package: "slipway.invalid/toolchain/cluster/coredns", typicalSeconds: 10 },
    {
      name: "envoy-gateway",
      package: "github.com/envoyproxy/gateway/cmd/envoy-gateway",
      variables: {
        "github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion": `v${ENVOY_GATEWAY_VERSION}`,
      },
      typicalSeconds: 70,
    },
    {
      name: "prometheus-operator",
      package: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
      variables: prometheusVariables(PROMETHEUS_OPERATOR_VERSION),
      typicalSeconds: 25,
    },
    {
      name: "prometheus-config-reloader",
      package: "github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader",
      variables: prometheusVariables(PROMETHEUS_OPERATOR_VERSION),
      typicalSeconds: 15,
    },
    {
      name: "prometheus",
      package: "github.com/prometheus/prometheus/cmd/prometheus",
      variables: prometheusVariables(PROMETHEUS_VERSION),
      typicalSeconds: 60,
    },
    {
      name: "metrics-server",
      package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
      variables: { [`${VERSION_PACKAGE}.gitVersion`]: `v${METRICS_SERVER_VERSION}` },
      typicalSeconds: 5,
    },
    HELM_PROGRAM,
  ],
  moduleFolders: {
    "github.com/envoyproxy/gateway": ["charts"],
    "sigs.k8s.io/gateway-api": ["config/crd"],
    "github.com/prometheus-operator/prometheus-operator": [
      "example/prometheus-operator-crd",
      "example/rbac/prometheus-operator",
    ],
    "sigs.k8s.io/metrics-server": ["charts", "manifests"],
  },
  typicalPackages: 3760,
};

const HELM: GoGroup = {
  name: "helm",
  title: "Helm",
  ...CLUSTER_GRAPH,
  programs: [HELM_PROGRAM],
  moduleFolders: {},
  typicalPackages: 300,
};

/** Tries alerting rules on made-up series; needed by whoever tests rules, not by the cluster. */
const PROMTOOL: GoGroup = {
  name: "promtool",
  title: "promtool",
  ...CLUSTER_GRAPH,
  tags: CLUSTER.tags,
  programs: [
    {
      name: "promtool",
      package: "github.com/prometheus/prometheus/cmd/promtool",
      variables: prometheusVariables(PROMETHEUS_VERSION),
      typicalSeconds: 30,
    },
  ],
  moduleFolders: {},
  typicalPackages: 900,
};

export const GO_GROUPS: Readonly<Record<GoGroup["name"], GoGroup>> = {
  engine: ENGINE,
  cluster: CLUSTER,
  helm: HELM,
  promtool: PROMTOOL,
};

/** Seconds that a build of the programs takes on 2 cores with an empty cache. */
export function typicalSeconds(programs: readonly GoProgram[]): number {
  return programs.reduce((sum, program) => sum + program.typicalSeconds, 0);
}
