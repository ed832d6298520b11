import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { podIdentityTrust } from "../internal/aws-policies";
import { createChartNamespace, createRelease, type ChartSettings } from "../internal/chart-release";
import type { Peer } from "../internal/network-policy";
import { loadBalancerPermissions } from "../internal/load-balancer-permissions";
import { CHARTS, type ChartName } from "../internal/platform-charts";
import { IDENTITY_ENVIRONMENT, IDENTITY_TOKEN, tokenMount, tokenVolume } from "../internal/pod-identity";
import { Problems } from "../internal/validation";
import { createKarpenterIdentity } from "./karpenter-identity";
import type { ClusterReference } from "./serving-cluster";

/** What the services that talk to AWS need. */
export interface AwsPlatform {
  readonly cluster: ClusterReference;
  readonly vpcId: pulumi.Input<string>;
  /**
   * ARNs of the keys that pools of Karpenter's name by `kmsKeyId`: its role may use no other but AWS' own.
   * @default []
   */
  readonly volumeKeyArns?: readonly pulumi.Input<string>[];
}

/** Inputs of PlatformServices. Each service can be left out, because it is there already. */
export interface PlatformServicesArgs {
  /**
   * How the cluster is reached.
   * @default the program's own provider
   */
  readonly provider?: Provider;
  /**
   * The EKS cluster, for the load balancer controller and Karpenter; without it neither is installed.
   * @default none
   */
  readonly aws?: AwsPlatform;
  /**
   * Address of the Prometheus that Flagger asks.
   * @default "http://prometheus.slipway-monitoring:9090"
   */
  readonly prometheusUrl?: string;
  /**
   * cert-manager.
   * @default {}
   */
  readonly certManager?: ChartSettings;
  /**
   * Envoy Gateway.
   * @default {}
   */
  readonly envoyGateway?: ChartSettings;
  /**
   * The Prometheus operator with its exporters (kube-prometheus-stack).
   * @default {}
   */
  readonly prometheusOperator?: ChartSettings;
  /**
   * Flagger.
   * @default {}
   */
  readonly flagger?: ChartSettings;
  /**
   * KEDA.
   * @default {}
   */
  readonly keda?: ChartSettings;
  /**
   * External Secrets.
   * @default {}
   */
  readonly externalSecrets?: ChartSettings;
  /**
   * metrics-server.
   * @default {}
   */
  readonly metricsServer?: ChartSettings;
  /**
   * The AWS Load Balancer Controller; needs `aws`. Lists among its values replace those that its first pods get credentials by:
   * `extraVolumes`, `extraVolumeMounts`.
   * @default {}
   */
  readonly loadBalancerController?: ChartSettings;
  /**
   * Karpenter; needs `aws`. Lists among its values replace those that its first pods get credentials by: `extraVolumes`,
   * `controller.env`, `controller.extraVolumeMounts`.
   * @default {}
   */
  readonly karpenter?: ChartSettings;
}

/** Defaults; a test ties each to its `@default` above. */
export const PLATFORM_DEFAULTS = { prometheusUrl: "http://prometheus.slipway-monitoring:9090" } as const;

/** Labels as the charts give them. */
const PROMETHEUS_READERS: readonly Peer[] = [
  { namespace: CHARTS.keda.namespace, podLabels: { "app.kubernetes.io/name": "keda-operator" } },
  { namespace: CHARTS.flagger.namespace, podLabels: { "app.kubernetes.io/name": "flagger" } },
];

const LOAD_BALANCER_ACCOUNT = "aws-load-balancer-controller";

/**
 * The controllers that a serving platform works with, each pinned, each in a namespace of its own. Whatever uses them should depend on
 * this component: a destroy then takes their objects first, while there is still somebody to remove load balancers and nodes.
 *
 * @example
 * const network = new ServingNetwork("serving");
 * const cluster = new ServingCluster("serving", { network });
 * const services = new PlatformServices("platform", {
 *   provider: cluster.provider,
 *   aws: { cluster, vpcId: network.vpcId },
 *   flagger: { install: false },
 * });
 * export const installed = services.installed;
 */
export class PlatformServices extends pulumi.ComponentResource {
  /** Pods that have to query Prometheus: Flagger's and KEDA's. */
  readonly prometheusReaders: readonly Peer[] = PROMETHEUS_READERS;
  /** Services that this component installed. */
  readonly installed: readonly ChartName[];
  private readonly releases = new Map<ChartName, Release>();
  private readonly opts: pulumi.CustomResourceOptions;

  constructor(name: string, args: PlatformServicesArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:PlatformServices", name, {}, opts);
    validate(name, args);
    this.opts = { parent: this, provider: args.provider };

    this.install(name, "certManager", args.certManager);
    this.install(name, "metricsServer", args.metricsServer);
    this.install(name, "prometheusOperator", args.prometheusOperator);
    this.install(name, "externalSecrets", args.externalSecrets);
    this.install(name, "keda", args.keda);
    if (args.aws) {
      this.installLoadBalancerController(name, args.aws, args.loadBalancerController);
      this.installKarpenter(name, args.aws, args.karpenter);
    }
    // After the load balancer controller, and so before it when all is destroyed: its Services have load balancers.
    this.install(name, "envoyGateway", args.envoyGateway, {}, [
      "loadBalancerController",
      "prometheusOperator",
    ]);
    this.install(
      name,
      "flagger",
      args.flagger,
      { metricsServer: args.prometheusUrl ?? PLATFORM_DEFAULTS.prometheusUrl },
      ["envoyGateway", "prometheusOperator"],
    );
    this.installed = [...this.releases.keys()];
    this.registerOutputs({ installed: [...this.installed] });
  }

  private install(
    name: string,
    service: ChartName,
    settings: ChartSettings = {},
    values: pulumi.Input<Record<string, unknown>> = {},
    after: readonly ChartName[] = [],
    needs: readonly pulumi.Resource[] = [],
  ): void {
    if (settings.install === false) return;
    const dependsOn = [...needs, ...after.flatMap((other) => this.releases.get(other) ?? [])];
    const opts = { ...this.opts, dependsOn };
    const release = `${name}-${service}`;
    const home = createChartNamespace(release, service, opts);
    this.releases.set(service, createRelease(release, service, home, settings, values, opts));
  }

  private installLoadBalancerController(
    name: string,
    { cluster, vpcId }: AwsPlatform,
    settings: ChartSettings = {},
  ): void {
    if (settings.install === false) return;
    const parent = { parent: this };
    const { partition } = getPartitionOutput({}, parent);
    const { region } = getRegionOutput({}, parent);
    const role = new Role(`${name}-load-balancer-role`, { assumeRolePolicy: podIdentityTrust() }, parent);
    const policy = new RolePolicy(
      `${name}-load-balancer-policy`,
      {
        role: role.name,
        policy: pulumi
          .all([partition, cluster.clusterName])
          .apply(([where, clusterName]) => loadBalancerPermissions(where, clusterName)),
      },
      parent,
    );
    const identity = new PodIdentityAssociation(
      `${name}-load-balancer-identity`,
      {
        clusterName: cluster.clusterName,
        namespace: CHARTS.loadBalancerController.namespace,
        serviceAccount: LOAD_BALANCER_ACCOUNT,
        roleArn: role.arn,
      },
      parent,
    );
    const values = {
      clusterName: cluster.clusterName,
      region,
      vpcId,
      serviceAccount: { create: true, name: LOAD_BALANCER_ACCOUNT },
      // Its pods are made right after the association, and may be too early for EKS to give them this.
      env: { ...IDENTITY_ENVIRONMENT, AWS_REGION: region },
      extraVolumes: [tokenVolume(IDENTITY_TOKEN)],
      extraVolumeMounts: [tokenMount(IDENTITY_TOKEN)],
    };
    this.install(name, "loadBalancerController", settings, values, ["certManager"], [policy, identity]);
  }

  private installKarpenter(
    name: string,
    { cluster, volumeKeyArns }: AwsPlatform,
    settings: ChartSettings = {},
  ): void {
    if (settings.install === false) return;
    const { queueName, ready } = createKarpenterIdentity(
      `${name}-karpenter`,
      cluster,
      CHARTS.karpenter.namespace,
      this,
      volumeKeyArns,
    );
    const { region } = getRegionOutput({}, { parent: this });
    const variables = { ...IDENTITY_ENVIRONMENT, AWS_REGION: region };
    const values = {
      settings: { clusterName: cluster.clusterName, interruptionQueue: queueName },
      // As with the load balancer controller: in time, whatever EKS does.
      controller: {
        env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
        extraVolumeMounts: [tokenMount(IDENTITY_TOKEN)],
      },
      extraVolumes: [tokenVolume(IDENTITY_TOKEN)],
    };
    this.install(name, "karpenter", settings, values, [], ready);
  }
}

function validate(name: string, args: PlatformServicesArgs): void {
  const problems = new Problems("PlatformServices", name);
  for (const service of ["loadBalancerController", "karpenter"] as const) {
    problems.check(
      args.aws !== undefined || args[service]?.install !== true,
      service,
      "needs `aws`: it works with an EKS cluster alone",
    );
  }
  const url = args.prometheusUrl ?? PLATFORM_DEFAULTS.prometheusUrl;
  problems.check(/^https?:\/\/[^\s/]+/.test(url), "prometheusUrl", `"${url}" must be an http or https URL`);
  problems.throwIfAny();
}
