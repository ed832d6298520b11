import { SLOTS, type Slot } from "../../rollout/declaration";
import type { ObservedRoute, Situation, SlotCondition } from "../../rollout/situation";
import type { Journal } from "../../rollout/plan-journal";
import { initialState, type TrafficState } from "../../rollout/traffic-state";
import { SlipwayError } from "../../toolchain/errors";
import { contentOf, routesOf, servicesOf, type KnownRollout } from "./known-rollout";
import { clusterIdentity, isOfFormerCluster } from "./cluster-identity";
import { glanceAt, type RecordGlance } from "./glance";
import { ApiError, ROLLOUT_LABEL, type ClusterObject, type TrafficCluster } from "./kubernetes";
import { conditionOf, digestOf, modelsIn, NOTHING } from "./readiness";
import { sharesOf, type RouteRule } from "./route-rules";
import type { RecordHead } from "./traffic-store";

export interface Observation {
  readonly situation: Situation;
  /** Hash of the record's last entry; empty where there is none. */
  readonly recordHead: string;
  /** What of the record counts for nothing, a sentence each. */
  readonly recordProblems: readonly string[];
  /** What Flagger says of its Canary; only where the weights are Flagger's. */
  readonly canary?: CanaryStatus;
}

export interface CanaryStatus {
  /** In Flagger's words, as `Progressing`, `Succeeded` or `Failed`. */
  readonly phase: string;
  /** Measurements that failed since the candidate came. */
  readonly failedChecks: number;
}

/** Undefined where Flagger has not said anything yet, or whoever asks may not read it. */
async function observeCanary(
  cluster: TrafficCluster,
  rollout: KnownRollout,
): Promise<CanaryStatus | undefined> {
  if (rollout.driver !== "flagger") return undefined;
  const found = await cluster.find("Canary", rollout.namespace, rollout.name).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 403) return undefined;
    throw error;
  });
  const { phase, failedChecks = 0 } = (found?.status ?? {}) as Partial<CanaryStatus>;
  return phase === undefined ? undefined : { phase, failedChecks };
}

/** The live slot where nothing says which it is: the one that has all traffic. */
function liveByTraffic(service: string, routes: readonly ObservedRoute[]): Slot {
  for (const slot of SLOTS) {
    if (routes.length > 0 && routes.every(({ weights }) => weights[slot] === 100)) return slot;
  }
  throw new SlipwayError(
    `which slot of \`${service}\` is live is recorded nowhere, and its traffic is split; give \`slipway:traffic\` in the profile's configuration`,
  );
}

async function observeRoutes(cluster: TrafficCluster, rollout: KnownRollout): Promise<ObservedRoute[]> {
  const services = servicesOf(rollout);
  const found = await Promise.all(
    routesOf(rollout).map(async ({ kind, name }) => {
      const route = await cluster.find(kind, rollout.namespace, name);
      const { rules = [] } = (route?.spec ?? {}) as { rules?: readonly RouteRule[] };
      return sharesOf(rules, services).map((shares) => ({ name: `${kind} ${name}`, ...shares }));
    }),
  );
  return found.flat();
}

async function observeSlot(
  cluster: TrafficCluster,
  rollout: KnownRollout,
  slot: Slot,
): Promise<SlotCondition> {
  const { service, deployment: target = service } = rollout.slots[slot] ?? {};
  if (service === undefined || target === undefined)
    return { ...NOTHING, content: "", detail: "it is empty" };
  const [deployment, slices] = await Promise.all([
    cluster.find("Deployment", rollout.namespace, target),
    cluster.list("EndpointSlice", rollout.namespace, `kubernetes.io/service-name=${service}`),
  ]);
  const runs = { digest: digestOf(deployment), models: modelsIn(deployment) };
  return { ...conditionOf(deployment, slices), content: contentOf(rollout, slot), runs };
}

/** Asks the cluster for everything at once. */
export async function observe(
  cluster: TrafficCluster,
  rollout: KnownRollout,
  known: {
    readonly configured?: TrafficState;
    /** The record's entry that `configured` was written with. */
    readonly recordHead?: RecordHead | undefined;
    readonly journal?: Journal;
    /** PEM of the key that verifies the record. */
    readonly publicKey?: string | undefined;
  },
): Promise<Observation> {
  const { name, namespace } = rollout;
  const [routes, blue, green, maps, canary] = await Promise.all([
    observeRoutes(cluster, rollout),
    observeSlot(cluster, rollout, "blue"),
    observeSlot(cluster, rollout, "green"),
    cluster.list("ConfigMap", namespace, `${ROLLOUT_LABEL}=${name}`),
    observeCanary(cluster, rollout),
  ]);
  const {
    head,
    lastSwitch,
    lastMove,
    known: configuredAt,
    problems,
  } = await glance(cluster, rollout, known, maps);
  const configured =
    known.configured ?? rollout.traffic ?? initialState(lastSwitch?.live ?? liveByTraffic(name, routes));
  const situation: Situation = {
    service: name,
    driver: rollout.driver,
    configured,
    routes,
    slots: { blue, green },
    ...(known.journal ? { journal: known.journal } : {}),
    ...(lastSwitch ? { lastSwitch } : {}),
    ...(lastMove ? { lastMove } : {}),
    ...(configuredAt === undefined ? {} : { configuredAt }),
  };
  return { situation, recordHead: head, recordProblems: problems, ...(canary && { canary }) };
}

/** An entry that is not there is asked for only in the cluster that held it. */
async function glance(
  cluster: TrafficCluster,
  { name, record }: KnownRollout,
  {
    publicKey,
    recordHead,
  }: { readonly publicKey?: string | undefined; readonly recordHead?: RecordHead | undefined },
  maps: readonly ClusterObject[],
): Promise<RecordGlance> {
  const place = { service: name, record, publicKey };
  const seen = glanceAt({ ...place, hash: recordHead?.hash }, maps);
  if (seen.known !== undefined || recordHead === undefined) return seen;
  return isOfFormerCluster(recordHead, await clusterIdentity(cluster)) ? glanceAt(place, maps) : seen;
}
