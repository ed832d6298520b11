import { contentFrom } from "../../rollout/content";
import { SLOTS, type Slot } from "../../rollout/declaration";
import type {
  LastSwitch,
  ObservedRoute,
  RecordedMove,
  Situation,
  SlotCondition,
} from "../../rollout/situation";
import type { Journal } from "../../rollout/plan-journal";
import type { Action, RecordEntry } from "../../rollout/record/entry";
import { readEntry } from "../../rollout/record/read-entry";
import { initialState, type TrafficState } from "../../rollout/traffic-state";
import { SlipwayError } from "../../toolchain/errors";
import { contentOf, routesOf, servicesOf, type KnownRollout } from "./known-rollout";
import { ROLLOUT_LABEL, type ClusterObject, type TrafficCluster } from "./kubernetes";
import { conditionOf } from "./readiness";
import { sharesOf, type RouteRule } from "./route-rules";

export interface Observation {
  readonly situation: Situation;
  /** Hash of the record's last entry; empty where there is none. */
  readonly recordHead: string;
}

/** What a short look at the record tells; whoever needs certainty verifies it. */
interface RecordGlance {
  readonly head: string;
  readonly lastSwitch?: LastSwitch;
  readonly lastMove?: RecordedMove;
  /** Number of the entry whose hash was asked for. */
  readonly known?: number;
}

/** Entries after which the traffic is where it was before. */
export const NO_MOVE: readonly string[] = ["refused", "observed"] satisfies Action[];
const ENDS: readonly string[] = ["promoted", "rolled-back"] satisfies Action[];

/**
 * Reads the newest entries of a record without checking it: a command in a hurry needs no more.
 * @param hash of an entry whose number is wanted
 */
export function glanceAt(record: string, maps: readonly ClusterObject[], hash?: string): RecordGlance {
  const texts = maps
    .filter(({ metadata }) => metadata.name === record || metadata.name.startsWith(`${record}-`))
    .flatMap(({ data = {} }) => Object.entries(data))
    .filter(([key]) => /^\d{6,}$/.test(key))
    .sort(([a], [b]) => Number(b) - Number(a));
  let [head, lastSwitch, lastMove, known]: [string?, LastSwitch?, RecordedMove?, number?] = [];
  for (const [, text] of texts) {
    const read = readEntry(text);
    if ("problem" in read) continue;
    const { entry } = read;
    head ??= entry.hash;
    if (entry.hash === hash) known = entry.sequence;
    if (!NO_MOVE.includes(entry.action)) lastMove ??= { ...entry, mirror: entry.mirror ?? 0 };
    if (ENDS.includes(entry.action)) lastSwitch ??= switchIn(entry);
    if (lastSwitch && (known !== undefined || hash === undefined)) break;
  }
  return {
    head: head ?? "",
    ...(lastSwitch && { lastSwitch }),
    ...(lastMove && { lastMove }),
    ...(known !== undefined && { known }),
  };
}

function switchIn({ action, live, digests, models }: RecordEntry): LastSwitch {
  const contents = Object.fromEntries(
    SLOTS.map((slot) => [slot, contentFrom(digests[slot], models?.[slot])]),
  );
  return { action, live, contents };
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
    return { filled: false, ready: false, cold: false, content: "", detail: "it is empty" };
  const [deployment, slices] = await Promise.all([
    cluster.find("Deployment", rollout.namespace, target),
    cluster.list("EndpointSlice", rollout.namespace, `kubernetes.io/service-name=${service}`),
  ]);
  return { ...conditionOf(deployment, slices), content: contentOf(rollout, slot) };
}

/** Asks the cluster for everything at once. */
export async function observe(
  cluster: TrafficCluster,
  rollout: KnownRollout,
  known: {
    readonly configured?: TrafficState;
    /** Hash of the record's entry that `configured` was written with. */
    readonly recordHead?: string | undefined;
    readonly journal?: Journal;
  },
): Promise<Observation> {
  const { name, namespace } = rollout;
  const [routes, blue, green, maps] = await Promise.all([
    observeRoutes(cluster, rollout),
    observeSlot(cluster, rollout, "blue"),
    observeSlot(cluster, rollout, "green"),
    cluster.list("ConfigMap", namespace, `${ROLLOUT_LABEL}=${name}`),
  ]);
  const {
    head,
    lastSwitch,
    lastMove,
    known: configuredAt,
  } = glanceAt(rollout.record, maps, known.recordHead);
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
  return { situation, recordHead: head };
}
