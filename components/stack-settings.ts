import * as pulumi from "@pulumi/pulumi";
import { checkPoolShares } from "./internal/gpu-pool";
import { imageProblem } from "./internal/references";
import { Problems, isDnsLabel } from "./internal/validation";
import {
  ModelRepository,
  validateModels,
  validateRepository,
  type ModelReference,
  type ModelRepositorySettings,
} from "./model/model-repository";
import { Monitoring, type MonitoringArgs } from "./observability/monitoring";
import { resolveMonitoring } from "./observability/monitoring-settings";
import { resolveService, type ServiceSettings } from "./serving/service-settings";
import { ApiGateway, type ApiGatewayArgs } from "./traffic/api-gateway";
import type { CertificateAuthority } from "./traffic/certificate-authority";
import { resolveGateway } from "./traffic/gateway-settings";
import { ownRouteName, resolveLimits, type ServiceRouteArgs } from "./traffic/service-route";
import type { TokenAuthority } from "./traffic/token-authority";

/** One service of the stack. */
export interface StackService extends ServiceSettings {
  /** Names the Service, and its host beneath the shared one. */
  readonly name: string;
  /** The models it serves, at most 128 different ones; a model belongs to one service. */
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
  readonly repository?: ModelRepository | ModelRepositorySettings;
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

/** Defaults; a test ties each to its `@default` above. */
export const STACK_DEFAULTS = { namespace: "slipway", monitoringNamespace: "slipway-monitoring" } as const;

/** Name of the Prometheus. */
export const MONITORING_NAME = "prometheus";

/** Name of the policy that closes a namespace. */
export const DEFAULT_DENY = "default-deny";

/** Checks the inputs of every child as well: a mistake in the last one must not be found when the first ones exist. */
export function validateStack(name: string, args: ServingStackArgs): void {
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
    problems.absorb("repository", () => validateRepository(`${name}-models`, { ...repository, models: [] }));
  }
  problems.absorb("limits", () => resolveLimits(name, limits ?? {}));
  problems.throwIfAny();
}

function checkServices(args: ServingStackArgs, problems: Problems): void {
  problems.check(args.services.length > 0, "services", "must name at least one service");
  const services = new Map<string, number>();
  const owners = new Map<string, string>();
  const demands: Parameters<typeof checkPoolShares>[0][number][] = [];
  args.services.forEach((service, i) => {
    const path = `services[${i}]`;
    const earlier = services.get(service.name);
    if (earlier !== undefined) problems.add(`${path}.name`, `"${service.name}" is also services[${earlier}]`);
    checkNames(service.name, args.services, path, problems);
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
    const repository = args.repository instanceof ModelRepository ? args.repository : { models };
    // An existing repository has checked its models, and knows no others.
    if (!(args.repository instanceof ModelRepository)) {
      const own = { ...args.repository, models };
      problems.absorb(path, () => validateModels(service.name, own));
    }
    // The image has been checked above, once for all services.
    const image = pulumi.output(args.runtimeImage);
    problems.absorb(path, () => {
      const { gpus, maxReplicas } = resolveService(service.name, {
        ...service,
        image,
        repository,
        watched: args.monitoring !== false,
      });
      demands.push({ name: service.name, gpuPool: service.gpuPool, gpus, maxReplicas });
    });
  });
  checkPoolShares(demands, problems);
}

/** Objects of a service are named after it: none may have the name of another's. */
function checkNames(name: string, services: readonly StackService[], path: string, problems: Problems): void {
  const route = ownRouteName(name);
  if (services.some((other) => other.name === route)) {
    problems.add(`${path}.name`, `"${name}" has a route "${route}", which is also the name of a service`);
  }
  problems.check(
    name !== DEFAULT_DENY,
    `${path}.name`,
    `"${name}" is the name of the stack's own network policy`,
  );
}
