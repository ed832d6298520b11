import { NO_MOVE, type RecordedSwitch, type RecordEntry } from "../../rollout/record/entry";
import type { RecordPage } from "../../rollout/record/storage";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { ApiError, ROLLOUT_LABEL, type ClusterObject, type TrafficCluster } from "./kubernetes";

/** Field manager of the record's entries; the object itself is the engine's. */
const MANAGER = "slipway-record";
const TRIES = 5;

export interface RecordPlace {
  readonly namespace: string;
  /** Name of the rollout. */
  readonly service: string;
  /** Name of its first ConfigMap. */
  readonly record: string;
}

// Loaded late: checking and canonical JSON cost more than moving traffic does.
const logic = () => ({
  ...(require("../../rollout/record/storage") as typeof import("../../rollout/record/storage")),
  ...(require("../../rollout/record/chain") as typeof import("../../rollout/record/chain")),
  ...(require("../../rollout/record/genuine") as typeof import("../../rollout/record/genuine")),
});

async function readPages(cluster: TrafficCluster, { namespace, service, record }: RecordPlace) {
  const maps = await cluster.list("ConfigMap", namespace, `${ROLLOUT_LABEL}=${service}`);
  return { maps, pages: logic().pagesOf(record, maps.map(pageIn)) };
}

/** Set on a ConfigMap that takes no more entries: the name of the one that goes on. */
const SEAL = "slipway.dev/record-continues-in";

export const pageIn = ({ metadata: { name, annotations = {} }, data = {} }: ClusterObject): RecordPage => ({
  name,
  data,
  isSealed: annotations[SEAL] !== undefined,
});

function entriesOf(pages: Awaited<ReturnType<typeof readPages>>["pages"]): readonly RecordEntry[] {
  const read = logic().readRecord(pages);
  if (!read.ok) throw new SlipwayError(`the record cannot be read: ${read.problem.replace(/\.$/, "")}`);
  return read.entries;
}

/** Every entry of a service's record, the first one first. @throws SlipwayError where somebody else has written there */
export async function readEntries(
  cluster: TrafficCluster,
  place: RecordPlace,
): Promise<readonly RecordEntry[]> {
  return entriesOf((await readPages(cluster, place)).pages);
}

/** What was in the record when a command began with what it records. */
export interface Known {
  /** Number of its last entry then. */
  readonly sequence?: number | undefined;
  /** RFC 3339: when that was, for where the number is not known. */
  readonly since: string;
  /** Whether a move that another recorded after that forbids this one. @default false */
  readonly yields?: boolean;
}

/** Another command has moved the traffic since: what this one did is over. */
export class Overtaken extends SlipwayError {
  constructor(readonly entry: RecordEntry) {
    super(`entry ${entry.sequence} of the record came in between`);
  }
}

function assertNotOvertaken(
  entries: readonly RecordEntry[],
  { by }: RecordedSwitch,
  { sequence, yields = false }: Known,
): void {
  if (!yields || sequence === undefined) return;
  const other = entries.findLast(
    (entry) => entry.sequence > sequence && entry.by !== by && !NO_MOVE.includes(entry.action),
  );
  if (other) throw new Overtaken(other);
}

/** What somebody without the key wrote is no entry that another could follow. */
function assertGenuine(last: RecordEntry | undefined, service: string, signingKey: string): void {
  const problem = last && logic().forgeryOf(last, service, logic().recordKey(signingKey));
  if (problem === undefined) return;
  throw new SlipwayError(
    `the record cannot be written: its last entry ${problem}; \`slipway record ${service} --verify\` says what was altered`,
  );
}

/** Whether this is the same switch: what was written before a command was cut off is not written again. Clocks may be set back. */
const isSame = (entry: RecordEntry, what: RecordedSwitch, { sequence, since }: Known) =>
  entry.action === what.action &&
  entry.live === what.live &&
  entry.to.blue === what.to.blue &&
  (sequence === undefined ? entry.at >= since : entry.sequence > sequence && entry.by === what.by);

/**
 * Adds a switch to the record.
 * @param known an equal entry after that is this one, written before the command was cut off
 * @returns the record's last entry
 * @throws Overtaken where it yields to a switch that came in between
 */
export async function appendSwitch(
  cluster: TrafficCluster,
  place: RecordPlace,
  what: RecordedSwitch,
  known: Known,
  signingKey: string,
): Promise<RecordEntry> {
  for (let attempt = 1; ; attempt++) {
    const { maps, pages } = await readPages(cluster, place);
    const entries = entriesOf(pages);
    const last = entries.at(-1);
    assertGenuine(last, place.service, signingKey);
    if (last && isSame(last, what, known)) return last;
    assertNotOvertaken(entries, what, known);
    const entry = appended(last, what, signingKey);
    const placement = logic().placeEntry(place.record, pages, entry);
    const data = { [placement.key]: placement.value };
    const mapOf = (name: string) => maps.find(({ metadata }) => metadata.name === name)!;
    const full = placement.create ? pages.at(-1) : undefined;
    try {
      // Whoever read the full page before must not write a smaller entry of the same number there.
      if (full && !full.isSealed) await seal(cluster, place, mapOf(full.name), placement.name);
      if (placement.create) await createPage(cluster, place, placement.name, data);
      else await addTo(cluster, place, mapOf(placement.name), data);
      return entry;
    } catch (error) {
      const isRace = error instanceof ApiError && error.code === 409;
      if (!isRace || attempt >= TRIES)
        throw new SlipwayError(`the record cannot be written: ${messageOf(error)}`);
    }
  }
}

function appended(last: RecordEntry | undefined, what: RecordedSwitch, signingKey: string): RecordEntry {
  try {
    return logic().appendEntry(last, what, signingKey);
  } catch (error) {
    throw new SlipwayError(messageOf(error).replace(/^C/, "c"), 1, { cause: error });
  }
}

const addTo = (
  cluster: TrafficCluster,
  { namespace }: RecordPlace,
  { metadata: { name, resourceVersion } }: ClusterObject,
  data: Record<string, string>,
) =>
  // The version that was read: two commands never write the same number.
  cluster.patch(
    "ConfigMap",
    namespace,
    name,
    { metadata: { resourceVersion }, data },
    { fieldManager: MANAGER, contentType: "application/merge-patch+json" },
  );

const seal = (
  cluster: TrafficCluster,
  { namespace }: RecordPlace,
  { metadata: { name, resourceVersion } }: ClusterObject,
  next: string,
) =>
  cluster.patch(
    "ConfigMap",
    namespace,
    name,
    { metadata: { resourceVersion, annotations: { [SEAL]: next } } },
    { fieldManager: MANAGER, contentType: "application/merge-patch+json" },
  );

const createPage = (
  cluster: TrafficCluster,
  { namespace, service }: RecordPlace,
  name: string,
  data: Record<string, string>,
) =>
  cluster.create(
    "ConfigMap",
    namespace,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name,
        namespace,
        labels: { "app.kubernetes.io/part-of": "slipway", [ROLLOUT_LABEL]: service },
      },
      data,
    },
    MANAGER,
  );
