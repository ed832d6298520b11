import * as pulumi from "@pulumi/pulumi";
import type { Gate as AnyGate, Strategy as AnyStrategy } from "../../rollout/declaration";
import type { TrafficState } from "../../rollout/traffic-state";
import { Problems } from "../internal/validation";
import { ModelRepository, validateRepository, type ModelReference } from "../model/model-repository";
import { CertificateAuthority } from "../traffic/certificate-authority";
import { resolveRollout } from "../traffic/resolve-rollout";
import { Rollout as Switched } from "../traffic/rollout";
import type { RolloutSettings } from "../traffic/rollout-settings";
import { ServiceRoute, resolveLimits } from "../traffic/service-route";
import { gatewayOf, type Gateway, type Pods } from "./gateway";
import type { Gate, SlotContent, Strategy, Traffic } from "./rollout-settings";
import type { RegistrySettings, ServiceSettings, TrafficSettings } from "./service";
import { settingsOf } from "./settings";

/** Inputs of a Rollout; settings of a service are those of both slots, unless a slot says otherwise. */
export interface RolloutArgs extends ServiceSettings, TrafficSettings, RegistrySettings {
  /** Namespace of every object: that of the gateway, where there is one. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** What `blue`, `green` or both run. */
  readonly slots: { [slot: string]: SlotContent };
  /** How requests move from the live slot to the other. */
  readonly strategy: Strategy;
  /** The slot that is live first. Default: "blue". */
  readonly live?: string;
  /** Which slot is live and who gets how much, as the last switch left it. Default: all to `live`. */
  readonly traffic?: Traffic;
  /** What the candidate must pass. Default: []. */
  readonly gates?: Gate[];
  /** The gateway that leads to the slots. Without one, nobody may send them requests. */
  readonly gateway?: Gateway;
  /** Pods that may read metrics (port 8002). Default: []. */
  readonly scrapers?: Pods[];
}

/** A service in two slots, of which one is live, and how requests move from one to the other. */
export class Rollout extends pulumi.ComponentResource {
  /** Namespace of every object. */
  readonly namespace: pulumi.Output<string>;
  /** Name that the certificates of both slots are good for. */
  readonly hostName: pulumi.Output<string>;
  /** The certificate, in PEM, of the authority that signed the servers'. */
  readonly certificatePem: pulumi.Output<string>;
  /** The service's own host at the gateway. */
  readonly host?: pulumi.Output<string>;
  /** What `slipway status` and `slipway rollout` are told, as JSON. */
  readonly published: pulumi.Output<string>;

  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:Rollout", name, {}, opts);
    const { namespace, image, insecureRegistries, registryCidrs, scrapers = [] } = args;
    const stored = { models: modelsOf(args.slots), insecureRegistries, registryCidrs };
    const settings = { ...withoutEmpty(settingsOf(args)), ...rolloutOf(args) };
    const problems = new Problems("Rollout", name);
    problems.absorb("", () => validateRepository(name, stored));
    problems.absorb("", () =>
      resolveRollout(name, { ...settings, image, repository: stored, watched: scrapers.length > 0 }),
    );
    problems.absorb("", () => resolveLimits(name, args));
    problems.throwIfAny();

    const parent = { parent: this };
    const gateway = args.gateway && gatewayOf(args.gateway, namespace);
    const authority = new CertificateAuthority(`${name}-authority`, {}, parent);
    const repository = new ModelRepository(`${name}-models`, stored, parent);
    const gateways = gateway ? [gateway.proxies] : [];
    const around = { namespace, image, repository, authority, gateways, scrapers };
    const service = new Switched(name, { ...settings, ...around }, parent);
    if (gateway) {
      const { requestsPerSecond, requestTimeout, maxParallelRequests } = args;
      const limits = { requestsPerSecond, requestTimeout, maxParallelRequests };
      this.host = new ServiceRoute(name, { ...limits, gateway, service, authority }, parent).host;
    }
    this.namespace = service.namespace;
    this.hostName = service.hostName;
    this.certificatePem = authority.certificatePem;
    this.published = pulumi.jsonStringify(service.published);
    this.registerOutputs({
      namespace: this.namespace,
      hostName: this.hostName,
      certificatePem: this.certificatePem,
      host: this.host,
      published: this.published,
    });
  }
}

/** The models of all slots; a version that two have is one. */
function modelsOf(slots: RolloutArgs["slots"]): ModelReference[] {
  const all = Object.values(slots).flatMap(({ models }) => models);
  return [...new Map(all.map((model) => [JSON.stringify(Object.entries(model).sort()), model])).values()];
}

/** A schema has no unions; the component tells which fields belong together. */
function rolloutOf({ slots, strategy, live, traffic, gates }: RolloutArgs): RolloutSettings {
  const contents = Object.entries(slots).map(([slot, { models, image, ...own }]) => [
    slot,
    withoutEmpty({ ...settingsOf(own), models, image }),
  ]);
  return {
    slots: Object.fromEntries(contents) as RolloutSettings["slots"],
    strategy: strategy as unknown as AnyStrategy,
    ...(live === undefined ? {} : { live: live as RolloutSettings["live"] }),
    ...(traffic === undefined ? {} : { traffic: { mirror: 0, standby: "warm", ...traffic } as TrafficState }),
    ...(gates === undefined ? {} : { gates: gates as unknown as AnyGate[] }),
  };
}

/** What a slot leaves out is the rollout's, and a field that is there would take its place. */
function withoutEmpty<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
