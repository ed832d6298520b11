import { Namespace } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { RESTRICTED_NAMESPACE } from "./internal/labels";
import { DENY_ALL, type Peer } from "./internal/network-policy";
import { imageProblem } from "./internal/references";
import { Problems, isDnsLabel } from "./internal/validation";
import {
  ModelRepository,
  validateRepository,
  type ModelReference,
  type ModelRepositoryArgs,
} from "./model/model-repository";
import { Monitoring, type MonitoringArgs } from "./observability/monitoring";
import { resolveMonitoring } from "./observability/monitoring-settings";
import { InferenceService } from "./serving/inference-service";
import { resolveService, type ServiceSettings } from "./serving/service-settings";
import { ApiGateway, type ApiGatewayArgs } from "./traffic/api-gateway";
import { CertificateAuthority } from "./traffic/certificate-authority";
import { resolveGateway } from "./traffic/gateway-settings";
import { ServiceRoute, resolveLimits, type ServiceRouteArgs } from "./traffic/service-route";
import { TokenAuthority } from "./traffic/token-authority";

/** One service of the stack. */
export interface StackService extends ServiceSettings {
  /** Names the Service, and its host beneath the shared one. */
  readonly name: string;
  /** The models it serves; a model belongs to one service. */
  readonly models: readonly ModelReference[];
}

/** Inputs of a ServingStack. */
export interface ServingStackArgs {
  /** The server's image, with a digest. */
  readonly runtimeImage: string;
  /** The services; at least one. */
  readonly services: readonly StackService[];
  /** `iss` of the tokens: a URL. Not used where `tokens` is given. */
  readonly tokenIssuer: string;
  /**
   * Namespace of services and gateway, made by the stack.
   * @default "slipway"
   */
  readonly namespace?: string;
  /**
   * Namespace of Prometheus, made by the stack.
   * @default "slipway-monitoring"
   */
  readonly monitoringNamespace?: string;
  /**
   * Limits of every service's traffic.
   * @default those of ServiceRoute
   */
  readonly limits?: Pick<ServiceRouteArgs, "requestsPerSecond" | "requestTimeout" | "maxParallelRequests">;
  /**
   * An existing repository, or what differs from the defaults of the stack's own.
   * @default a repository of all the services' models
   */
  readonly repository?: ModelRepository | Omit<ModelRepositoryArgs, "models">;
  /**
   * An existing gateway in `namespace`, or what differs from the defaults of the stack's own.
   * @default {}
   */
  readonly gateway?: ApiGateway | Omit<ApiGatewayArgs, "namespace" | "authority" | "tokens">;
  /**
   * Existing monitoring, what differs from the defaults of the stack's own, or false for none.
   * @default {}
   */
  readonly monitoring?:
    Monitoring | Omit<MonitoringArgs, "namespace" | "servicesNamespace" | "proxies"> | false;
  /**
   * An existing certificate authority.
   * @default the stack's own
   */
  readonly authority?: CertificateAuthority;
  /**
   * An existing token authority.
   * @default the stack's own
   */
  readonly tokens?: TokenAuthority;
}

const MONITORING_NAME = "prometheus";

/** Defaults; a test ties each to its `@default` above. */
export const STACK_DEFAULTS = { namespace: "slipway", monitoringNamespace: "slipway-monitoring" } as const;

/**
 * A complete serving platform: gateway, services with their models, certificates, tokens and monitoring. Each child can be
 * an existing one instead. Expects Envoy Gateway and the Prometheus operator in the cluster.
 */
export class ServingStack extends pulumi.ComponentResource {
  readonly authority: CertificateAuthority;
  readonly tokens: TokenAuthority;
  readonly repository: ModelRepository;
  readonly gateway: ApiGateway;
  readonly monitoring: Monitoring | undefined;
  readonly services: readonly InferenceService[];
  readonly routes: readonly ServiceRoute[];

  constructor(name: string, args: ServingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingStack", name, {}, opts);
    validate(name, args);
    const parent = { parent: this };

    const namespace = createNamespace(args.namespace ?? STACK_DEFAULTS.namespace, parent);
    this.authority = args.authority ?? new CertificateAuthority(`${name}-authority`, {}, parent);
    this.tokens = args.tokens ?? new TokenAuthority(`${name}-tokens`, { issuer: args.tokenIssuer }, parent);
    this.repository = this.createRepository(name, args);
    this.gateway = this.createGateway(name, args, namespace);
    this.monitoring = this.createMonitoring(args, namespace);
    const scrapers: Peer[] = this.monitoring ? [this.monitoring.scraper] : [];
    this.services = args.services.map(
      ({ name: service, ...settings }) =>
        new InferenceService(
          service,
          {
            ...settings,
            namespace,
            image: args.runtimeImage,
            repository: this.repository,
            authority: this.authority,
            gateways: [this.gateway.proxies],
            scrapers,
          },
          parent,
        ),
    );
    this.routes = this.services.map(
      (service, i) =>
        new ServiceRoute(
          args.services[i]!.name,
          { ...args.limits, gateway: this.gateway, service, authority: this.authority },
          parent,
        ),
    );
    this.registerOutputs({ gatewayName: this.gateway.gatewayName });
  }

  private createRepository(name: string, args: ServingStackArgs): ModelRepository {
    if (args.repository instanceof ModelRepository) return args.repository;
    const models = args.services.flatMap((service) => [...service.models]);
    return new ModelRepository(`${name}-models`, { ...args.repository, models }, { parent: this });
  }

  private createGateway(name: string, args: ServingStackArgs, namespace: pulumi.Input<string>): ApiGateway {
    if (args.gateway instanceof ApiGateway) return args.gateway;
    const serviceNames = args.services.map((service) => service.name);
    const { authority, tokens } = this;
    return new ApiGateway(
      name,
      { serviceNames, ...args.gateway, namespace, authority, tokens },
      { parent: this },
    );
  }

  private createMonitoring(
    args: ServingStackArgs,
    servicesNamespace: pulumi.Input<string>,
  ): Monitoring | undefined {
    if (args.monitoring === false) return undefined;
    if (args.monitoring instanceof Monitoring) return args.monitoring;
    const parent = { parent: this };
    const namespace = createNamespace(args.monitoringNamespace ?? STACK_DEFAULTS.monitoringNamespace, parent);
    return new Monitoring(
      MONITORING_NAME,
      { ...args.monitoring, namespace, servicesNamespace, proxies: [this.gateway.proxies] },
      parent,
    );
  }
}

/** A namespace for `restricted` pods in which no pod may speak or be spoken to unless a policy says so. */
function createNamespace(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const namespace = new Namespace(
    `${name}-namespace`,
    { metadata: { name, labels: { ...RESTRICTED_NAMESPACE } } },
    opts,
  );
  const metadata = { name: "default-deny", namespace: namespace.metadata.name };
  const policy = new NetworkPolicy(`${name}-default-deny`, { metadata, spec: DENY_ALL }, opts);
  // Through the policy, so that nothing runs in the namespace before it is there.
  return policy.metadata.namespace;
}

/** Checks the inputs of every child as well: a mistake in the last one must not be found when the first ones exist. */
function validate(name: string, args: ServingStackArgs): void {
  const problems = new Problems("ServingStack", name);
  const namespace = args.namespace ?? STACK_DEFAULTS.namespace;
  const monitoringNamespace = args.monitoringNamespace ?? STACK_DEFAULTS.monitoringNamespace;
  problems.check(isDnsLabel(namespace), "namespace", `"${namespace}" must be a DNS label`);
  problems.check(
    isDnsLabel(monitoringNamespace),
    "monitoringNamespace",
    `"${monitoringNamespace}" must be a DNS label`,
  );
  problems.check(namespace !== monitoringNamespace, "monitoringNamespace", "must differ from `namespace`");
  const wrongImage = imageProblem(args.runtimeImage);
  if (wrongImage) problems.add("runtimeImage", wrongImage);
  checkServices(args, problems);
  const { gateway, monitoring, repository, limits } = args;
  if (!(gateway instanceof ApiGateway)) problems.absorb("gateway", () => resolveGateway(name, gateway ?? {}));
  if (monitoring !== false && !(monitoring instanceof Monitoring)) {
    problems.absorb("monitoring", () => resolveMonitoring(MONITORING_NAME, monitoring ?? {}));
  }
  if (!(repository instanceof ModelRepository)) {
    problems.absorb("repository", () => validateRepository(name, { ...repository, models: [] }));
  }
  problems.absorb("limits", () => resolveLimits(name, limits ?? {}));
  problems.throwIfAny();
}

function checkServices(args: ServingStackArgs, problems: Problems): void {
  problems.check(args.services.length > 0, "services", "must name at least one service");
  const services = new Map<string, number>();
  const owners = new Map<string, string>();
  args.services.forEach((service, i) => {
    const path = `services[${i}]`;
    const earlier = services.get(service.name);
    if (earlier !== undefined) problems.add(`${path}.name`, `"${service.name}" is also services[${earlier}]`);
    services.set(service.name, i);
    service.models.forEach((model, j) => {
      const owner = owners.get(model.name);
      // The shared host finds a service by the model's name.
      if (owner !== undefined && owner !== service.name) {
        problems.add(`${path}.models[${j}]`, `model "${model.name}" is already served by service "${owner}"`);
      }
      owners.set(model.name, service.name);
    });
    const { models } = service;
    problems.absorb(path, () => validateRepository(service.name, { models }));
    const repository = args.repository instanceof ModelRepository ? args.repository : { models };
    // The image has been checked above, once for all services.
    const image = pulumi.output(args.runtimeImage);
    problems.absorb(path, () => resolveService(service.name, { ...service, image, repository }));
  });
}
