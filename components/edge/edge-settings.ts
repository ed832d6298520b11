import type * as pulumi from "@pulumi/pulumi";
import type { NodeRequirement, Toleration } from "../internal/placement-checks";

/** The volume that holds a site's models. */
export interface EdgeCache {
  /**
   * Size, as in "10Gi", with which the volume is made; later changes are not made to it, as a node's own disk cannot grow. Left
   * out, it grows by three times `modelSize`: the versions that are served, the next ones, and an archive that is unpacked.
   * @default "4Gi"
   */
  readonly size?: string;
  /**
   * Storage class, of a kind that keeps data on the node itself, as k3s' `local-path` does.
   * @default the cluster's default class
   */
  readonly storageClass?: string;
}

/** Whom metrics are sent to, and how much of them is kept while nobody can be reached. */
export interface EdgeMetrics {
  /** Prometheus' image, with a digest. */
  readonly image: pulumi.Input<string>;
  /**
   * Prometheus' major version, by which the flag of its agent mode differs.
   * @default 3
   */
  readonly majorVersion?: 2 | 3;
  /** Where samples are written to (remote write): an `https` address without credentials in it. */
  readonly url: string;
  /**
   * User name, with `password`.
   * @default none
   */
  readonly username?: pulumi.Input<string>;
  /**
   * Password of `username`; kept as a secret.
   * @default none
   */
  readonly password?: pulumi.Input<string>;
  /**
   * Token (`Authorization: Bearer`) instead of a password; kept as a secret.
   * @default none
   */
  readonly bearerToken?: pulumi.Input<string>;
  /**
   * The site's certificate for mutual TLS, PEM, with `clientKey`.
   * @default none
   */
  readonly clientCertificate?: pulumi.Input<string>;
  /**
   * Key of `clientCertificate`, PEM; kept as a secret.
   * @default none
   */
  readonly clientKey?: pulumi.Input<string>;
  /**
   * Authority that signed the receiver's certificate, PEM.
   * @default those that the image trusts
   */
  readonly caCertificate?: pulumi.Input<string>;
  /**
   * Hours of lost uplink after which samples are there in full, 2 to 720; older ones are dropped.
   * @default 72
   */
  readonly bufferHours?: number;
  /**
   * Seconds between two scrapes, 5 to 300.
   * @default 30
   */
  readonly scrapeInterval?: number;
  /**
   * Series that a scrape may have; one with more is refused, so that the volume's size is enough for `bufferHours`.
   * @default 2000
   */
  readonly maxSeries?: number;
  /**
   * Address ranges (IPv4 CIDR) of the receiver; nothing else can be reached.
   * @default any address but link-local ones
   */
  readonly receiverCidrs?: readonly string[];
}

/** Settings of a site that have a default. Times in seconds. */
export interface EdgeSettings {
  /**
   * What the files of all models take together, as in `300Mi`. From it follow memory, disk and time to start.
   * @default none: small models are assumed
   */
  readonly modelSize?: string;
  /**
   * The volume that holds the models.
   * @default {}
   */
  readonly cache?: EdgeCache;
  /**
   * Where metrics go.
   * @default none: they can be read by `scrapers` alone
   */
  readonly metrics?: EdgeMetrics;
  /**
   * Address ranges (IPv4 CIDR) of clients in the site's own network; they need `nodePort`.
   * @default []
   */
  readonly clientCidrs?: readonly string[];
  /**
   * Port on the node (30000 to 32767) under which `clientCidrs` reach HTTP.
   * @default none: the site is reached inside its cluster alone
   */
  readonly nodePort?: number;
  /**
   * Further host names of the server's certificate: those by which clients in the site's network call it.
   * @default []
   */
  readonly hostNames?: readonly string[];
  /**
   * Addresses of the server's certificate.
   * @default []
   */
  readonly ipAddresses?: readonly string[];
  /**
   * Days that the server's certificate is valid; an `up` in the last 30 renews it. A site that no `up` reaches for longer
   * stands with an expired one.
   * @default 730
   */
  readonly certificateDays?: number;
  /**
   * CPU reserved.
   * @default "100m"
   */
  readonly cpuRequest?: string;
  /**
   * CPU at most.
   * @default "1"
   */
  readonly cpuLimit?: string;
  /**
   * Memory reserved. Left out, it grows by `modelSize`.
   * @default "128Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory at most. Left out, it grows by twice `modelSize`: loading holds weights and file at once.
   * @default "512Mi"
   */
  readonly memoryLimit?: string;
  /**
   * Labels of the node.
   * @default {}
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * What the node must have, where `nodeSelector` cannot say it.
   * @default []
   */
  readonly nodeRequirements?: readonly NodeRequirement[];
  /**
   * Taints of the node that the pods tolerate, beside those of a node that nobody can reach.
   * @default []
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * Name of a PriorityClass.
   * @default none
   */
  readonly priorityClassName?: string;
  /**
   * Names of Secrets, in the site's namespace, that the kubelet pulls images with.
   * @default []
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Name of a Secret of type `kubernetes.io/dockerconfigjson` with the credentials that models are fetched with.
   * @default none
   */
  readonly modelPullSecret?: string;
  /**
   * Time that fetching the models of an update may take, over a slow uplink; the ones before are served meanwhile.
   * @default 3600
   */
  readonly fetchTimeout?: number;
  /**
   * Time that loading the models may take. Left out, it grows by a second per 64 MiB of `modelSize`.
   * @default 120
   */
  readonly startupTimeout?: number;
  /**
   * Further options of the server by name, as in `{ instances: 1 }`.
   * @default {}
   */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const EDGE_DEFAULTS = {
  size: "4Gi",
  cache: {},
  majorVersion: 3,
  bufferHours: 72,
  scrapeInterval: 30,
  maxSeries: 2000,
  clientCidrs: [],
  hostNames: [],
  ipAddresses: [],
  certificateDays: 730,
  cpuRequest: "100m",
  cpuLimit: "1",
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  nodeSelector: {},
  nodeRequirements: [],
  tolerations: [],
  imagePullSecrets: [],
  fetchTimeout: 3600,
  startupTimeout: 120,
  options: {},
} as const;

/** Metrics with every default filled in. */
export type ResolvedMetrics = EdgeMetrics &
  Required<Pick<EdgeMetrics, "majorVersion" | "bufferHours" | "scrapeInterval" | "maxSeries">>;

type Optional = "modelSize" | "metrics" | "nodePort" | "priorityClassName" | "modelPullSecret" | "cache";

/** Settings with every default filled in. */
export type ResolvedEdge = Required<Omit<EdgeSettings, Optional>> &
  Pick<EdgeSettings, "nodePort" | "priorityClassName" | "modelPullSecret"> & {
    readonly metrics: ResolvedMetrics | undefined;
    readonly cache: Required<Pick<EdgeCache, "size">> & Pick<EdgeCache, "storageClass">;
    /** Bytes of `modelSize`; 0 where nobody said. */
    readonly modelBytes: number;
  };
