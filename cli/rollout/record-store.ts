import type { RecordedSwitch, RecordEntry } from "../../rollout/record/entry";
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
});

async function readPages(cluster: TrafficCluster, { namespace, service, record }: RecordPlace) {
  const maps = await cluster.list("ConfigMap", namespace, `${ROLLOUT_LABEL}=${service}`);
  const pages = logic().pagesOf(
    record,
    maps.map(({ metadata, data = {} }) => ({ name: metadata.name, data })),
  );
  return { maps, pages };
}

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
    if (last && isSame(last, what, known)) return last;
    const entry = appended(last, what, signingKey);
    const placement = logic().placeEntry(place.record, pages, entry);
    const data = { [placement.key]: placement.value };
    try {
      if (placement.create) await createPage(cluster, place, placement.name, data);
      else
        await addTo(
          cluster,
          place,
          maps.find(({ metadata }) => metadata.name === placement.name)!,
          data,
        );
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
