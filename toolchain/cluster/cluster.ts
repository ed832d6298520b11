/** Images of the cluster that the stack names. */
export const CLUSTER_IMAGES = [
  "envoy",
  "prometheus",
  "prometheus-alertmanager",
  "prometheus-config-reloader",
] as const;
export type ClusterImage = (typeof CLUSTER_IMAGES)[number];

/** A running embedded cluster, as its users see it. */
export interface Cluster {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly nodeIp: string;
  /** Host and port of the registry in the node, plain HTTP. */
  readonly registry: string;
  /** Port on localhost where the gateway answers. */
  readonly gatewayPort: number;
  /** Loopback URLs of Prometheus and Alertmanager, with the credentials that they want. */
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** References with digest. */
  readonly images: Readonly<Record<ClusterImage, string>>;
  /** False where the store started empty in this run, so that what a state file says is in the cluster is not. */
  readonly keptStore: boolean;
}
