import * as pulumi from "@pulumi/pulumi";
import { SLOTS } from "../rollout/declaration";
import { flaggerSlot } from "../rollout/flagger-names";
import { checkPoolShares, unitsTaken } from "./internal/gpu-pool";
import { imageProblem } from "./internal/references";
import { ownRouteName } from "./internal/routes";
import { slotService } from "./internal/slot-labels";
import { Problems, isDnsLabel } from "./internal/validation";
import {
  ModelRepository,
  validateModels,
  validateRepository,
  type ModelReference,
  type ModelRepositorySettings,
} from "./model/model-repository";
import { Monitoring, type MonitoringArgs } from "./observability/monitoring";
import { checkRetention } from "./observability/alerts/retention-check";
import { resolveMonitoring } from "./observability/monitoring-checks";
import { checkStackRetraining, type StackRetraining } from "./observability/stack-retraining";
import { checkStackTelemetry, type StackTelemetry } from "./observability/stack-telemetry";
import { demandOf, resolveService, type ServiceSettings } from "./serving/service-settings";
import { checkMonitoring } from "./stack-monitoring-checks";
import { ApiGateway, type ApiGatewayArgs } from "./traffic/api-gateway";
import type { RouteAuth } from "./traffic/auth-settings";
import type { CertificateAuthority } from "./traffic/certificate-authority";
import { resolveGateway } from "./traffic/gateway-settings";
import { resolveRollout } from "./traffic/resolve-rollout";
import { referencesOf, type RolloutSettings } from "./traffic/rollout-settings";
import { resolveLimits, type ServiceRouteArgs } from "./traffic/service-route";
import type { TokenAuthority } from "./traffic/token-authority";

/** One service of the stack. */
export interface StackService extends ServiceSettings {
  /** Names the Service, and its host beneath the shared one. */
  readonly name: string;
  /**
   * The models it serves, at most 128 different ones; a model belongs to one service.
   * @default those of the slots of `rollout`, one of which must be given
   */
  readonly models?: readonly ModelReference[];
  /**
   * How callers of this service are asked who they are, in place of the gateway's way as a whole: nothing of that is added. Client
   * certificates that the gateway asks for stay.
   * @default as the gateway has it
   */
  readonly auth?: RouteAuth;
  /**
   * Two slots in place of the one service, and how requests move from one to the other.
   * @default none
   */
  readonly rollout?: RolloutSettings;
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
   * Namespace of Prometheus, made by the stack unless Prometheus is there already (`monitoring.existing`).
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
    | Monitoring
    | Omit<MonitoringArgs, "namespace" | "servicesNamespace" | "proxies" | "gateway" | "authority">
    | false;
  /**
   * Where spans go, and of how many requests.
   * @default none: nothing is traced
   */
  readonly telemetry?: StackTelemetry;
  /**
   * Has models trained again when alerts say that they drift or that their answers have become worse: whom `target` names is called.
   * Needs the stack's own Alertmanager.
   * @default none
   */
  readonly retraining?: StackRetraining;
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
    checkMonitoring({ ...args, namespace }, monitoring ?? {}, problems);
    checkRetention(args.services, monitoring ?? {}, problems);
  }
  if (args.telemetry) checkStackTelemetry(args.telemetry, "telemetry", problems);
  if (args.retraining) checkStackRetraining(args.retraining, { ...args, image: args.runtimeImage }, problems);
  if (!(repository instanceof ModelRepository)) {
    problems.absorb("repository", () => validateRepository(`${name}-models`, { ...repository, models: [] }));
  }
  problems.absorb("limits", () => resolveLimits(name, limits ?? {}));
  problems.throwIfAny();
}

/** The models of a service, those of both slots where it has them; a version that both have is one. */
export function modelsOf({ models, rollout }: StackService): readonly ModelReference[] {
  if (!rollout) return models ?? [];
  const { blue, green } = rollout.slots ?? {};
  const all = [blue, green].flatMap((slot) => referencesOf(slot?.models ?? []));
  return [...new Map(all.map((model) => [JSON.stringify(Object.entries(model).sort()), model])).values()];
}

type Demands = Parameters<typeof checkPoolShares>[0][number][];

/** Units of a service's pool that the other services of the stack may take, besides what it was told of. */
export function poolTaken(service: StackService, services: readonly StackService[]): number {
  const others = services.filter((other) => other !== service);
  const demands = others.flatMap(({ rollout, ...settings }) =>
    rollout
      ? SLOTS.flatMap((slot) => {
          const own = rollout.slots?.[slot];
          return own ? [demandOf({ ...settings, ...own })] : [];
        })
      : [demandOf(settings)],
  );
  return (service.poolTaken ?? 0) + unitsTaken(service.gpuPool, demands);
}

function checkServices(args: ServingStackArgs, problems: Problems): void {
  problems.check(args.services.length > 0, "services", "must name at least one service");
  const services = new Map<string, number>();
  const owners = new Map<string, string>();
  const demands: Demands = [];
  args.services.forEach((service, i) => {
    const path = `services[${i}]`;
    const earlier = services.get(service.name);
    if (earlier !== undefined) problems.add(`${path}.name`, `"${service.name}" is also services[${earlier}]`);
    checkNames(service, args.services, path, problems);
    services.set(service.name, i);
    const models = modelsOf(service);
    models.forEach((model, j) => {
      const owner = owners.get(model.name);
      // The shared host finds a service by the model's name.
      if (owner !== undefined && owner !== service.name) {
        const at = service.rollout ? `${path}.rollout.slots` : `${path}.models[${j}]`;
        problems.add(at, `model "${model.name}" is already served by service "${owner}"`);
      }
      owners.set(model.name, service.name);
    });
    // An existing repository has checked its models, and knows no others.
    if (!(args.repository instanceof ModelRepository)) {
      const own = { ...args.repository, models };
      problems.absorb(service.rollout ? `${path}.rollout` : path, () => validateModels(service.name, own));
    }
    checkService(service, args, path, demands, problems);
  });
  checkPoolShares(demands, problems);
}

/** Checks what one service is, and notes what it asks of a pool. */
function checkService(
  service: StackService,
  args: ServingStackArgs,
  path: string,
  demands: Demands,
  problems: Problems,
): void {
  const { name, models, rollout, auth, ...settings } = service;
  if (auth !== undefined) problems.absorb(path, () => resolveLimits(name, { auth }));
  const given = modelsOf(service);
  const repository =
    args.repository instanceof ModelRepository
      ? args.repository
      : { models: given, signatureKey: args.repository?.signatureKey };
  // The image has been checked above, once for all services.
  const image = pulumi.output(args.runtimeImage);
  const common = { ...settings, image, repository, watched: args.monitoring !== false };
  const demand = (resolved: { gpus: number; maxReplicas: number }, gpuPool: StackService["gpuPool"]) =>
    demands.push({ name, gpuPool, gpus: resolved.gpus, maxReplicas: resolved.maxReplicas });
  if (!rollout) {
    problems.absorb(path, () => demand(resolveService(name, { ...common, models: given }), service.gpuPool));
    return;
  }
  problems.check(
    models === undefined,
    `${path}.models`,
    "cannot be given beside `rollout`, whose slots have them",
  );
  const fields = Object.keys(rollout);
  problems.absorb(
    (found) => (fields.includes(found.split(/[.[]/)[0]!) ? `${path}.rollout.${found}` : `${path}.${found}`),
    () => {
      const { filled, slots } = resolveRollout(name, { ...common, ...rollout });
      for (const slot of filled) {
        const one = slots[slot]!;
        demand(
          resolveService(`${name}-${slot}`, { ...one, repository, watched: common.watched }),
          one.gpuPool,
        );
      }
    },
  );
}

/** Objects of a service are named after it: none may have the name of another's. */
function checkNames(
  { name, rollout }: StackService,
  services: readonly StackService[],
  path: string,
  problems: Problems,
): void {
  for (const slot of rollout ? SLOTS : []) {
    const own = rollout?.driver === "flagger" ? flaggerSlot(name, slot).service : slotService(name, slot);
    if (services.some((other) => other.name === own)) {
      problems.add(`${path}.name`, `"${name}" has a slot "${own}", which is also the name of a service`);
    }
  }
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
