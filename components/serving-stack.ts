import { Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { RESTRICTED_NAMESPACE, SERVER_LABELS } from "./internal/labels";
import { nameAfter } from "./internal/name-after";
import type { Scraper } from "./internal/monitor-labels";
import { DENY_ALL } from "./internal/network-policy";
import { OTLP_GRPC_PORT } from "./internal/otel-config";
import { prometheusPodLabels } from "./internal/prometheus";
import type { ServiceTelemetry } from "./internal/server-telemetry";
import { ModelRepository } from "./model/model-repository";
import { Monitoring } from "./observability/monitoring";
import { ACCESS_HOSTS } from "./observability/monitoring-access-settings";
import { RetrainingTrigger } from "./observability/retraining-trigger";
import { RETRAINING_NAME, alertingWith, alertmanagerOf } from "./observability/stack-retraining";
import { COLLECTOR_NAME, type StackTelemetry } from "./observability/stack-telemetry";
import { TelemetryCollector } from "./observability/telemetry-collector";
import { InferenceService } from "./serving/inference-service";
import {
  DEFAULT_DENY,
  MONITORING_NAME,
  STACK_DEFAULTS,
  modelsOf,
  poolTaken,
  validateStack,
  type ServingStackArgs,
  type StackService,
} from "./stack-settings";
import { ApiGateway, type ApiGatewayArgs } from "./traffic/api-gateway";
import { CertificateAuthority } from "./traffic/certificate-authority";
import { Rollout } from "./traffic/rollout";
import { ServiceRoute } from "./traffic/service-route";
import { TokenAuthority } from "./traffic/token-authority";

export type { ServingStackArgs, StackService } from "./stack-settings";

/** A pair of keys for signatures, as PEM. */
export interface RecordKey {
  /** PKCS #8, a secret. */
  readonly signingKeyPem: pulumi.Output<string>;
  readonly publicKeyPem: pulumi.Output<string>;
}

/**
 * A complete serving platform: gateway, services with their models, certificates, tokens and monitoring. Each child can be
 * an existing one instead. Expects Envoy Gateway and the Prometheus operator in the cluster.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const source = `oci://registry.example.com/models/ocr@${digest}`;
 * const stack = new ServingStack("slipway", {
 *   runtimeImage: `registry.example.com/slipway/runtime@${digest}`,
 *   tokenIssuer: "https://models.example.com",
 *   gateway: { host: "models.example.com" },
 *   services: [
 *     { name: "text", models: [{ name: "ocr", version: "4", source, sha256: digest.slice("sha256:".length) }] },
 *   ],
 * });
 * export const caCertificate = stack.authority.certificatePem;
 */
export class ServingStack extends pulumi.ComponentResource {
  /** The server's image, with a digest. */
  readonly runtimeImage: pulumi.Output<string>;
  readonly authority: CertificateAuthority;
  readonly tokens: TokenAuthority;
  readonly repository: ModelRepository;
  readonly gateway: ApiGateway;
  readonly monitoring: Monitoring | undefined;
  /** What gateway and servers send spans to; undefined where nothing is traced, or where the receiver is not the stack's. */
  readonly collector: TelemetryCollector | undefined;
  /** What has models trained again; undefined where nothing does. */
  readonly retraining: RetrainingTrigger | undefined;
  /** The services without a rollout, in the order given. */
  readonly services: readonly InferenceService[];
  /** The services with one, in the order given. */
  readonly rollouts: readonly Rollout[];
  /** The routes of `services`, then those of `rollouts`. */
  readonly routes: readonly ServiceRoute[];
  /** What the records of rollouts are signed with, an Ed25519 key; undefined where there is no rollout. */
  readonly recordKey: RecordKey | undefined;

  constructor(name: string, args: ServingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingStack", name, {}, opts);
    validateStack(name, args);
    const parent = { parent: this };

    this.runtimeImage = pulumi.output(args.runtimeImage);
    const namespace = createNamespace(args.namespace ?? STACK_DEFAULTS.namespace, parent);
    this.authority = args.authority ?? new CertificateAuthority(`${name}-authority`, {}, parent);
    this.tokens = args.tokens ?? new TokenAuthority(`${name}-tokens`, { issuer: args.tokenIssuer }, parent);
    this.repository = this.createRepository(name, args);
    // The collector lets the gateway in and Prometheus, which follows the gateway; the gateway sends to the collector.
    const [receiver, setReceiver] = pulumi.deferredOutput<CollectorNames>();
    this.gateway = this.createGateway(name, args, namespace, receiver);
    const monitoringNamespace = this.createMonitoringNamespace(args);
    this.retraining = this.createRetraining(args, namespace, monitoringNamespace);
    this.monitoring = this.createMonitoring(args, namespace, monitoringNamespace);
    const scrapers: Scraper[] = this.monitoring ? [this.monitoring.scraper] : [];
    this.collector = this.createCollector(args, namespace, scrapers);
    if (this.collector) setReceiver(namesOf(this.collector));
    const surroundings = {
      namespace,
      image: args.runtimeImage,
      repository: this.repository,
      authority: this.authority,
      gateways: [this.gateway.proxies],
      scrapers,
      runbookBaseUrl: this.monitoring?.runbookBaseUrl,
      telemetry: this.serviceTelemetry(args),
    };
    const services = args.services.map((service) => ({
      ...service,
      ...(service.gpuPool && { poolTaken: poolTaken(service, args.services) }),
    }));
    this.services = services
      .filter(({ rollout }) => !rollout)
      .map(
        ({ name: service, models = [], rollout: _rollout, auth: _auth, ...settings }) =>
          new InferenceService(service, { ...settings, models, ...surroundings }, parent),
      );
    this.rollouts = services.flatMap(
      ({ name: service, models: _models, rollout, auth: _auth, ...settings }) =>
        rollout ? [new Rollout(service, { ...settings, ...rollout, ...surroundings }, parent)] : [],
    );
    this.recordKey = this.rollouts.length > 0 ? createRecordKey(name, parent) : undefined;
    const route = (
      service: InferenceService | Rollout,
      { name: routeName, auth }: StackService,
      opts: pulumi.ComponentResourceOptions,
    ) =>
      new ServiceRoute(
        routeName,
        { ...args.limits, auth, gateway: this.gateway, service, authority: this.authority },
        opts,
      );
    const plain = args.services.filter(({ rollout }) => !rollout);
    const switched = args.services.filter(({ rollout }) => rollout !== undefined);
    this.routes = [
      ...this.services.map((service, i) => route(service, plain[i]!, parent)),
      // Those of a service that gets a rollout stay the same objects.
      ...this.rollouts.map((rollout, i) =>
        route(rollout, switched[i]!, { parent: rollout, aliases: [{ parent: this }] }),
      ),
    ];
    this.registerOutputs({ gatewayName: this.gateway.gatewayName });
  }

  private createRepository(name: string, args: ServingStackArgs): ModelRepository {
    if (args.repository instanceof ModelRepository) return args.repository;
    const models = args.services.flatMap((service) => [...modelsOf(service)]);
    return new ModelRepository(`${name}-models`, { ...args.repository, models }, { parent: this });
  }

  private createGateway(
    name: string,
    args: ServingStackArgs,
    namespace: pulumi.Input<string>,
    receiver: pulumi.Output<CollectorNames>,
  ): ApiGateway {
    if (args.gateway instanceof ApiGateway) return args.gateway;
    const { monitoring } = args;
    const people = monitoring && !(monitoring instanceof Monitoring) && monitoring.access ? ACCESS_HOSTS : [];
    const serviceNames = [...args.services.map((service) => service.name), ...people];
    const { authority, tokens } = this;
    return new ApiGateway(
      name,
      { serviceNames, ...tracingOf(args.telemetry, receiver), ...args.gateway, namespace, authority, tokens },
      { parent: this },
    );
  }

  private createCollector(
    { telemetry }: ServingStackArgs,
    namespace: pulumi.Input<string>,
    scrapers: readonly Scraper[],
  ): TelemetryCollector | undefined {
    if (telemetry === undefined || !("collector" in telemetry)) return undefined;
    const { collector } = telemetry;
    if (collector instanceof TelemetryCollector) return collector;
    const { authority, gateway } = this;
    const senders = [gateway.proxies, { namespace, podLabels: SERVER_LABELS }];
    return new TelemetryCollector(
      COLLECTOR_NAME,
      { ...collector, namespace, authority, senders, scrapers },
      { parent: this },
    );
  }

  private serviceTelemetry({ telemetry }: ServingStackArgs): ServiceTelemetry | undefined {
    if (telemetry === undefined || !("collector" in telemetry)) return telemetry;
    return { collector: this.collector!, samplePercent: telemetry.samplePercent };
  }

  /** Undefined where the monitoring is none of the stack's. */
  private createMonitoringNamespace(args: ServingStackArgs): pulumi.Input<string> | undefined {
    if (args.monitoring === false || args.monitoring instanceof Monitoring) return undefined;
    return (
      args.monitoring?.existing?.namespace ??
      createNamespace(args.monitoringNamespace ?? STACK_DEFAULTS.monitoringNamespace, { parent: this })
    );
  }

  /** Beside the servers, whose image it is and whom Prometheus asks; before Alertmanager, which calls it. */
  private createRetraining(
    { retraining, runtimeImage }: ServingStackArgs,
    namespace: pulumi.Input<string>,
    monitoringNamespace: pulumi.Input<string> | undefined,
  ): RetrainingTrigger | undefined {
    if (retraining === undefined || monitoringNamespace === undefined) return undefined;
    return new RetrainingTrigger(
      RETRAINING_NAME,
      {
        ...retraining,
        namespace,
        image: runtimeImage,
        alertmanagers: [alertmanagerOf(MONITORING_NAME, monitoringNamespace)],
        scrapers: [{ namespace: monitoringNamespace, podLabels: prometheusPodLabels(MONITORING_NAME) }],
      },
      { parent: this },
    );
  }

  private createMonitoring(
    args: ServingStackArgs,
    servicesNamespace: pulumi.Input<string>,
    namespace: pulumi.Input<string> | undefined,
  ): Monitoring | undefined {
    if (args.monitoring === false) return undefined;
    if (args.monitoring instanceof Monitoring) return args.monitoring;
    const { gateway, authority, retraining } = this;
    const { alerting = {} } = args.monitoring ?? {};
    const told =
      retraining && alerting !== false
        ? { alerting: alertingWith(alerting, retraining.receiver, args.retraining?.alerts) }
        : {};
    const around = { servicesNamespace, proxies: [gateway.proxies], gateway, authority };
    return new Monitoring(
      MONITORING_NAME,
      { ...args.monitoring, ...told, ...around, namespace: namespace! },
      { parent: this },
    );
  }
}

/** What the gateway knows of the collector. */
interface CollectorNames {
  readonly serviceName: string;
  readonly hostName: string;
  readonly authorityConfigMap: string;
}

function namesOf(collector: TelemetryCollector): pulumi.Output<CollectorNames> {
  const { serviceName, hostName, authorityConfigMap } = collector;
  return pulumi.output({ serviceName, hostName, authorityConfigMap });
}

/** What the stack's own gateway sends to; nothing unless there is a collector. */
function tracingOf(
  telemetry: StackTelemetry | undefined,
  receiver: pulumi.Output<CollectorNames>,
): Pick<ApiGatewayArgs, "tracing"> {
  if (telemetry === undefined || !("collector" in telemetry)) return {};
  const { serviceName, hostName, authorityConfigMap } = receiver;
  const collector = { serviceName, hostName, authorityConfigMap, grpcPort: OTLP_GRPC_PORT };
  return { tracing: { collector, samplePercent: telemetry.samplePercent } };
}

function createRecordKey(name: string, opts: pulumi.CustomResourceOptions): RecordKey {
  const key = new tls.PrivateKey(`${name}-record-key`, { algorithm: "ED25519" }, opts);
  return { signingKeyPem: pulumi.secret(key.privateKeyPemPkcs8), publicKeyPem: key.publicKeyPem };
}

/** A namespace for `restricted` pods in which no pod may speak or be spoken to unless a policy says so. */
function createNamespace(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const namespace = new Namespace(
    `${name}-namespace`,
    { metadata: { name, labels: { ...RESTRICTED_NAMESPACE } } },
    opts,
  );
  const metadata = { name: DEFAULT_DENY, namespace: namespace.metadata.name };
  const policy = new NetworkPolicy(`${name}-default-deny`, { metadata, spec: DENY_ALL }, opts);
  // Waits for the policy, so that nothing runs in the namespace before it is there, and yet is known at any preview.
  return nameAfter(policy, name);
}
