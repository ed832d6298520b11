import { createHash } from "node:crypto";
import type { Job } from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import { SLOTS, isJobLike, otherSlot, type CanaryStrategy, type Slot } from "../../rollout/declaration";
import { STRATEGY_DEFAULTS } from "../../rollout/defaults";
import { canaryOf, flaggerSlot, primaryOf } from "../../rollout/flagger-names";
import type { PublishedRollout, PublishedSlot } from "../../rollout/published";
import { isSticky, isUsed } from "../../rollout/strategy-checks";
import type { SlotShadow } from "../internal/comparator";
import { createComparator } from "../internal/comparator-resources";
import type { FlaggerDelivery } from "../internal/flagger-resources";
import { unitsTaken } from "../internal/gpu-pool";
import { gatePeer } from "../internal/gate-flows";
import { createGateJobs } from "../internal/gate-job-resources";
import type { Peer } from "../internal/network-policy";
import { monitorLabels } from "../internal/monitor-labels";
import { ownRouteName } from "../internal/routes";
import type { ServiceTelemetry } from "../internal/server-telemetry";
import { slotService, type SlotOf } from "../internal/slot-labels";
import { createRecord, recordName } from "../internal/slot-record";
import type { SlotRouting } from "../internal/slot-rules";
import type { ModelReference, ModelRepository } from "../model/model-repository";
import { createServiceAlerts } from "../observability/alerts";
import { InferenceService } from "../serving/inference-service";
import { resolveObjectives } from "../serving/objectives";
import { SERVICE_DEFAULTS, demandOf, type ServiceSettings } from "../serving/service-settings";
import type { CertificateAuthority } from "./certificate-authority";
import { resolveRollout } from "./resolve-rollout";
import type { ResolvedRollout, ResolvedSlot, RolloutSettings } from "./rollout-settings";

export type { FlaggerSettings, RolloutSettings, RolloutSlot } from "./rollout-settings";

/** Inputs of a Rollout; settings of ServiceSettings are those of both slots, unless a slot says otherwise. */
export interface RolloutArgs extends ServiceSettings, RolloutSettings {
  /** Namespace of every object. It should enforce the `restricted` pod security standard: the pods meet it. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** Where the models come from; it has those of both slots. */
  readonly repository: ModelRepository;
  /** Who signs the servers' certificates. */
  readonly authority: CertificateAuthority;
  /**
   * Pods that may send requests (ports 8000 and 8001): those of the gateways.
   * @default []
   */
  readonly gateways?: readonly Peer[];
  /**
   * Pods that may read metrics (port 8002). Where there is one, each slot has a ServiceMonitor.
   * @default []
   */
  readonly scrapers?: readonly Peer[];
  /**
   * Where the runbooks of its alerts lie: `monitoring.runbookBaseUrl`.
   * @default the platform's own
   */
  readonly runbookBaseUrl?: string;
  /**
   * Where the servers send spans, and of how many requests.
   * @default none: nothing is traced
   */
  readonly telemetry?: ServiceTelemetry;
}

/** A slot, as routes lead to it. */
export interface RolloutBackend {
  readonly slot: Slot;
  /** Name of its Service. Where it has a share of the traffic, whoever uses this output waits until all of it is ready. */
  readonly serviceName: pulumi.Output<string>;
  /** Name that its certificate is good for, besides that of the rollout. */
  readonly hostName: pulumi.Output<string>;
  /** Its share of the requests in percent. */
  readonly weight: number;
}

/**
 * A service in two slots, of which one is live, and how requests move from one to the other: all at once, step by step, as
 * copies, or by halves for a comparison. Give it to a ServiceRoute in place of an InferenceService. What moves them is `traffic`,
 * which `slipway rollout`, `promote` and `rollback` write; nothing is sent to a slot before it is ready.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const model = (version: string) => ({
 *   name: "ocr",
 *   version,
 *   source: `oci://registry.example.com/models/ocr-${version}@${digest}`,
 *   sha256: digest.slice("sha256:".length),
 * });
 * const rollout = new Rollout("text", {
 *   namespace: "models",
 *   image: `registry.example.com/slipway/runtime@${digest}`,
 *   repository: new ModelRepository("models", { models: [model("4"), model("5")] }),
 *   authority: new CertificateAuthority("authority"),
 *   slots: { blue: { models: [model("4")] }, green: { models: [model("5")] } },
 *   strategy: { kind: "canary", stepWeights: [5, 25, 50], interval: 120 },
 *   gates: [{ kind: "errorRate", name: "errors", maxPercent: 0.5 }],
 * });
 * export const live = rollout.published.apply(({ traffic }) => traffic.live);
 */
export class Rollout extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** Name of the rollout. */
  readonly serviceName: pulumi.Output<string>;
  /** Name that the certificates of both slots are good for. */
  readonly hostName: pulumi.Output<string>;
  /** The models of the live slot. */
  readonly models: readonly ModelReference[];
  /** Every filled slot; none where Flagger makes the slots. */
  readonly backends: readonly RolloutBackend[];
  /** The service of each filled slot; none where Flagger makes the slots. */
  readonly services: Readonly<Partial<Record<Slot, InferenceService>>>;
  /** Both slots' models: versions of the same names. */
  readonly allModels: readonly ModelReference[];
  /** How routes share the requests; undefined where Flagger makes the route. */
  readonly routing: SlotRouting | undefined;
  /** What is left to Flagger; undefined where the program moves the requests. */
  readonly delivery: FlaggerDelivery | undefined;
  /** Everything that the commands need to watch and move the traffic. */
  readonly published: pulumi.Output<PublishedRollout>;

  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:Rollout", name, {}, opts);
    const scrapers = args.scrapers ?? [];
    const { namespace, authority, gateways, scrapers: _scrapers, ...given } = args;
    const settings = resolveRollout(name, { ...given, watched: scrapers.length > 0 });
    const { traffic, filled, slots } = settings;

    const judges = settings.gates.some(isJobLike) ? [gatePeer(name, namespace)] : [];
    const shadowOf = this.createComparator(name, args, settings);
    this.delivery = settings.flagger && this.createTarget(name, args, settings, settings.flagger);
    const made = this.delivery ? [] : filled;
    const services = made.map((slot) => {
      const args = { ...slots[slot]!, namespace, authority, scrapers, telemetry: given.telemetry };
      const place = placeOf(name, slot, settings);
      return new InferenceService(
        slotService(name, slot),
        {
          ...args,
          poolTaken: poolTakenBeside(slot, slots),
          gateways: [...(gateways ?? []), ...judges],
          repository: given.repository,
          slot: { ...place, shadow: shadowOf?.(slot) },
        },
        { parent: this },
      );
    });
    const jobs = this.createGates(name, args, settings, services);
    this.services = Object.fromEntries(made.map((slot, i) => [slot, services[i]!]));
    this.backends = made.map((slot, i) => {
      const service = services[i]!;
      const passed = slot === settings.judged ? jobs.map(({ urn }) => urn) : [];
      const ready = pulumi.all([service.ready, ...passed]);
      return {
        slot,
        serviceName: isUsed(slot, traffic) ? ready.apply(() => slotService(name, slot)) : service.serviceName,
        hostName: service.hostName,
        weight: traffic.weights[slot],
      };
    });
    createRecord(name, namespace, { parent: this });
    if (scrapers.length > 0) this.createAlerts(name, args, settings, services);

    this.namespace = pulumi.output(namespace);
    this.serviceName = pulumi.output(name);
    this.hostName = pulumi.interpolate`${name}.${namespace}.svc`;
    this.models = (this.delivery ? targetOf(slots) : slots[traffic.live]!).models;
    this.allModels = distinct(filled.flatMap((slot) => slots[slot]!.models));
    this.routing = this.delivery ? undefined : this.routingOf(settings);
    this.published = this.publish(name, settings);
    this.registerOutputs({ namespace: this.namespace, hostName: this.hostName, published: this.published });
  }

  /** What Flagger makes its primary of, and takes for the candidate when it changes. */
  private createTarget(
    name: string,
    { namespace, authority, gateways, scrapers, repository, telemetry }: RolloutArgs,
    { slots, strategy, gates }: ResolvedRollout,
    flagger: NonNullable<ResolvedRollout["flagger"]>,
  ): FlaggerDelivery {
    const around = { namespace, authority, gateways, scrapers, repository, telemetry, flaggerTarget: true };
    const target = new InferenceService(name, { ...targetOf(slots), ...around }, { parent: this });
    const { ready, deployment } = target;
    const { progressDeadlineSeconds } = deployment.spec;
    const { prometheusUrl, approvalUrl } = flagger;
    // Nothing else is possible, which has been checked.
    const canary = strategy as CanaryStrategy;
    return { strategy: canary, gates, prometheusUrl, approvalUrl, ready, progressDeadlineSeconds };
  }

  /** Both slots answer for the service: only those that get requests count. */
  private createAlerts(
    name: string,
    { namespace, scrapers = [], objectives, runbookBaseUrl }: RolloutArgs,
    { strategy, traffic: { weights }, flagger, slots }: ResolvedRollout,
    services: readonly InferenceService[],
  ): void {
    const [live, candidate] = [primaryOf(name), canaryOf(name)];
    const used = SLOTS.filter((slot) => weights[slot] > 0);
    const asked = used.map((slot) => slotService(name, slot));
    const atLeast = (slot: ResolvedSlot) => slot.replicas ?? SERVICE_DEFAULTS.replicas;
    createServiceAlerts(
      name,
      {
        namespace,
        servers: flagger ? [live, candidate] : asked,
        // Flagger's candidate has pods only while it is judged.
        minimums: flagger
          ? { [live]: atLeast(targetOf(slots)) }
          : Object.fromEntries(used.map((slot, i) => [asked[i]!, atLeast(slots[slot]!)])),
        mayWait: false,
        objectives: objectives && resolveObjectives(objectives),
        runbookBaseUrl,
        ruleLabels: monitorLabels(scrapers),
        traffic: { strategy, weights, ...(flagger ? { flagger: { live, candidate } } : {}) },
      },
      { parent: this, dependsOn: services.map(({ deployment }) => deployment) },
    );
  }

  /**
   * What compares the answers of both slots, as long as the strategy copies requests: whether any are copied at the moment would
   * otherwise replace the pods of the live slot.
   */
  private createComparator(
    name: string,
    { namespace, image, imagePullSecrets = [], authority, scrapers = [] }: RolloutArgs,
    { strategy, traffic: { live } }: ResolvedRollout,
  ): ((slot: Slot) => SlotShadow) | undefined {
    if (strategy.kind !== "shadow") return undefined;
    const { samplePercent, compare } = { ...STRATEGY_DEFAULTS, ...strategy };
    const rules = { rollout: name, live, samplePercent, rules: compare };
    return createComparator(
      name,
      { ...rules, namespace, image, imagePullSecrets, authority, scrapers },
      { parent: this },
    );
  }

  /** Jobs that judge the slot which requests move to, beside the other one. */
  private createGates(
    name: string,
    { namespace, authority }: RolloutArgs,
    { judged, slots, gates, traffic }: ResolvedRollout,
    services: readonly InferenceService[],
  ): Job[] {
    if (judged === undefined) return [];
    const candidate = slots[judged]!;
    const other = otherSlot(judged);
    return createGateJobs(
      name,
      gates,
      {
        rollout: name,
        namespace,
        candidate: slotService(name, judged),
        live: slotService(name, other),
        image: candidate.image,
        imagePullSecrets: candidate.imagePullSecrets,
        content: contentOf(candidate),
        liveContent: contentOf(slots[other]!),
        isLive: judged === traffic.live,
        authorityPem: authority.certificatePem,
      },
      services,
      { parent: this },
    );
  }

  private routingOf({ slots, strategy, traffic: { live, mirror } }: ResolvedRollout): SlotRouting {
    const candidate = slots[otherSlot(live)];
    return {
      backends: this.backends.map(({ slot, serviceName, weight }) => ({
        slot,
        service: serviceName,
        weight,
        only: ownVersions(slots[slot]!.models, slots[otherSlot(slot)]?.models ?? []),
      })),
      live,
      mirror,
      match: strategy.kind === "canary" ? strategy.match : undefined,
      affinity: isSticky(strategy) ? cookieId((candidate ?? slots[live])!) : undefined,
    };
  }

  private publish(
    name: string,
    { filled, slots, strategy, gates, traffic, flagger }: ResolvedRollout,
  ): pulumi.Output<PublishedRollout> {
    const told = flagger ? SLOTS : filled;
    const content = (slot: Slot) => slots[slot] ?? targetOf(slots);
    const digests = pulumi.all(told.map((slot) => pulumi.output(content(slot).image).apply(digestOf)));
    const routes = [name, ownRouteName(name)];
    const { recordHead = "", recordCluster, ...state } = traffic;
    return pulumi.all([this.namespace, digests]).apply(([namespace, known]) => ({
      name,
      namespace,
      driver: flagger ? ("flagger" as const) : ("pulumi" as const),
      strategy,
      gates,
      traffic: state,
      slots: Object.fromEntries(
        told.map((slot, i): [Slot, PublishedSlot] => [
          slot,
          {
            ...(flagger ? flaggerSlot(name, slot) : { service: slotService(name, slot) }),
            digest: known[i]!,
            models: content(slot).models.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
          },
        ]),
      ),
      // Flagger shares the requests of one route.
      routes: flagger ? { http: [name], grpc: [] } : { http: routes, grpc: routes },
      record: recordName(name),
      recordHead,
      ...(recordCluster === undefined ? {} : { recordCluster }),
    }));
  }
}

/** What Flagger's target runs: the candidate, where there is one. */
const targetOf = ({ blue, green }: ResolvedRollout["slots"]): ResolvedSlot => (green ?? blue)!;

function placeOf(rollout: string, slot: Slot, { traffic }: ResolvedRollout): SlotOf {
  if (isUsed(slot, traffic)) return { rollout, slot, traffic: "weighted" };
  const isCold = slot !== traffic.live && traffic.standby === "cold";
  return { rollout, slot, traffic: isCold ? "cold" : "idle" };
}

/** Units of a slot's pool that others may take, the other slot included. */
function poolTakenBeside(slot: Slot, slots: ResolvedRollout["slots"]): number {
  const { gpuPool, poolTaken = SERVICE_DEFAULTS.poolTaken } = slots[slot]!;
  const others = SLOTS.flatMap((other) => (other !== slot && slots[other] ? [demandOf(slots[other])] : []));
  return poolTaken + unitsTaken(gpuPool, others);
}

function distinct(models: readonly ModelReference[]): ModelReference[] {
  return [...new Map(models.map((model) => [`${model.name}/${model.version}`, model])).values()];
}

/** Models in versions that the other slot does not have. */
function ownVersions(models: readonly ModelReference[], others: readonly ModelReference[]) {
  const isElsewhere = ({ name, version }: ModelReference) =>
    others.some((other) => other.name === name && other.version === version);
  return models.filter((model) => !isElsewhere(model)).map(({ name, version }) => ({ name, version }));
}

const digestOf = (image: string): string => image.slice(image.indexOf("@") + 1);

/** Tells one content of a slot from another: the same image may serve other models. */
function contentOf({ image, models }: ResolvedSlot): pulumi.Output<string> {
  const files = models.map(({ name, version, sha256 }) => `${name}/${version}/${sha256}`).sort();
  return pulumi.output(image).apply((reference) => JSON.stringify([digestOf(reference), files]));
}

const cookieId = (slot: ResolvedSlot): pulumi.Output<string> =>
  contentOf(slot).apply((content) => createHash("sha256").update(content).digest("hex").slice(0, 8));
