import * as pulumi from "@pulumi/pulumi";
import type { EdgeMetrics as Metrics, EdgeSettings } from "../edge/edge-settings";
import { EdgeSite as Site } from "../edge/edge-site";
import { resolveEdge } from "../internal/edge-resolve";
import { Problems } from "../internal/validation";
import { ModelRepository, validateRepository } from "../model/model-repository";
import { CertificateAuthority } from "../traffic/certificate-authority";
import type { Pods } from "./gateway";
import type { ModelVersion, RegistrySettings, Toleration } from "./service";

/** The volume that holds a site's models. */
export interface EdgeCache {
  /** Size, as in "10Gi"; it grows by three times `modelSize`. Default: "4Gi". */
  readonly size?: string;
  /** Storage class of a kind that keeps data on the node itself. Default: the cluster's default class. */
  readonly storageClass?: string;
}

/** Whom metrics are sent to, and how much of them is kept while nobody can be reached. */
export interface EdgeMetrics {
  /** Prometheus' image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** Prometheus' major version, 2 or 3. Default: 3. */
  readonly majorVersion?: number;
  /** Where samples are written to (remote write): an `https` address without credentials in it. */
  readonly url: string;
  /** User name, with `password`. */
  readonly username?: pulumi.Input<string>;
  /** Password of `username`; kept as a secret. */
  readonly password?: pulumi.Input<string>;
  /** Token (`Authorization: Bearer`) instead of a password; kept as a secret. */
  readonly bearerToken?: pulumi.Input<string>;
  /** The site's certificate for mutual TLS, PEM, with `clientKey`. */
  readonly clientCertificate?: pulumi.Input<string>;
  /** Key of `clientCertificate`, PEM; kept as a secret. */
  readonly clientKey?: pulumi.Input<string>;
  /** Authority that signed the receiver's certificate, PEM. Default: those that the image trusts. */
  readonly caCertificate?: pulumi.Input<string>;
  /** Hours of lost uplink after which samples are there in full, 2 to 720. Default: 72. */
  readonly bufferHours?: number;
  /** Seconds between two scrapes, 5 to 300. Default: 30. */
  readonly scrapeInterval?: number;
  /** Series that a scrape may have. Default: 2000. */
  readonly maxSeries?: number;
  /** Address ranges (IPv4 CIDR) of the receiver. Default: any address but link-local ones. */
  readonly receiverCidrs?: string[];
}

/** Inputs of an EdgeSite. Times in seconds. */
export interface EdgeSiteArgs extends RegistrySettings {
  /** Namespace of every object. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest: what the node has of it is used without asking its registry. */
  readonly image: pulumi.Input<string>;
  /** The models to serve; at least one. */
  readonly models: ModelVersion[];
  /** Who may call: lines as `slipway api-key` prints them, kept as a secret. */
  readonly apiKeys: pulumi.Input<string>;
  /** Pods of the site's cluster that may send requests, besides `clientCidrs`. Default: []. */
  readonly clients?: Pods[];
  /** Pods that may read metrics, besides the site's own agent. Default: []. */
  readonly scrapers?: Pods[];
  /** What the files of all models take together, as in `300Mi`: memory, disk and time to start follow from it. */
  readonly modelSize?: string;
  /** The volume that holds the models. Default: {}. */
  readonly cache?: EdgeCache;
  /** Where metrics go. Default: they can be read by `scrapers` alone. */
  readonly metrics?: EdgeMetrics;
  /** Address ranges (IPv4 CIDR) of clients in the site's own network; they need `nodePort`. Default: []. */
  readonly clientCidrs?: string[];
  /** Port on the node (30000 to 32767) under which `clientCidrs` reach HTTP. */
  readonly nodePort?: number;
  /** Further host names of the server's certificate. Default: []. */
  readonly hostNames?: string[];
  /** Addresses of the server's certificate. Default: []. */
  readonly ipAddresses?: string[];
  /** Days that the server's certificate is valid; an update in the last 30 renews it. Default: 730. */
  readonly certificateDays?: number;
  /** CPU reserved. Default: "100m". */
  readonly cpuRequest?: string;
  /** CPU at most. Default: "1". */
  readonly cpuLimit?: string;
  /** Memory reserved; it grows by `modelSize`. Default: "128Mi". */
  readonly memoryRequest?: string;
  /** Memory at most; it grows by twice `modelSize`. Default: "512Mi". */
  readonly memoryLimit?: string;
  /** Labels of the node. Default: {}. */
  readonly nodeSelector?: { [label: string]: string };
  /** Taints of the node that the pods tolerate. Default: []. */
  readonly tolerations?: Toleration[];
  /** Name of a PriorityClass. */
  readonly priorityClassName?: string;
  /** Names of Secrets that the kubelet pulls images with. Default: []. */
  readonly imagePullSecrets?: string[];
  /** Name of a Secret with the credentials that models are fetched with. */
  readonly modelPullSecret?: string;
  /** Time that fetching the models of an update may take. Default: 3600. */
  readonly fetchTimeout?: number;
  /** Time that loading the models may take; it grows with `modelSize`. Default: 120. */
  readonly startupTimeout?: number;
  /** Further options of the server by name, as in `instances: "1"`. Default: {}. */
  readonly options?: { [option: string]: string };
}

/** One small node that serves models at the edge of a network and goes on without its uplink. */
export class EdgeSite extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: pulumi.Output<string>;
  /** Namespace of the Service. */
  readonly namespace: pulumi.Output<string>;
  /** Name that the server's certificate is good for inside the cluster. */
  readonly hostName: pulumi.Output<string>;
  /** The certificate, in PEM, of the authority that signed the server's. */
  readonly certificatePem: pulumi.Output<string>;

  constructor(name: string, args: EdgeSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:EdgeSite", name, {}, opts);
    const { namespace, image, models, apiKeys, insecureRegistries, registryCidrs } = args;
    const settings = edgeSettings(args);
    const stored = { models, insecureRegistries, registryCidrs };
    const problems = new Problems("EdgeSite", name);
    problems.absorb("", () => validateRepository(name, stored));
    const given = { ...settings, image, apiKeys, models };
    problems.absorb("", () => resolveEdge(name, { ...given, repository: { kind: "oci", models } }));
    problems.throwIfAny();

    const parent = { parent: this };
    const authority = new CertificateAuthority(`${name}-authority`, {}, parent);
    const repository = new ModelRepository(`${name}-models`, stored, parent);
    const { clients, scrapers } = args;
    const site = new Site(name, { ...given, namespace, repository, authority, clients, scrapers }, parent);
    this.serviceName = site.serviceName;
    this.namespace = site.namespace;
    this.hostName = site.hostName;
    this.certificatePem = authority.certificatePem;
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      hostName: this.hostName,
      certificatePem: this.certificatePem,
    });
  }
}

/** The settings of a site among its other inputs. */
export function edgeSettings(args: EdgeSiteArgs): EdgeSettings {
  return {
    modelSize: args.modelSize,
    cache: args.cache,
    metrics: args.metrics as Metrics | undefined,
    clientCidrs: args.clientCidrs,
    nodePort: args.nodePort,
    hostNames: args.hostNames,
    ipAddresses: args.ipAddresses,
    certificateDays: args.certificateDays,
    cpuRequest: args.cpuRequest,
    cpuLimit: args.cpuLimit,
    memoryRequest: args.memoryRequest,
    memoryLimit: args.memoryLimit,
    nodeSelector: args.nodeSelector,
    tolerations: args.tolerations,
    priorityClassName: args.priorityClassName,
    imagePullSecrets: args.imagePullSecrets,
    modelPullSecret: args.modelPullSecret,
    fetchTimeout: args.fetchTimeout,
    startupTimeout: args.startupTimeout,
    options: args.options,
  };
}
