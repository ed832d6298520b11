import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SLOTS, type Slot } from "../../rollout/declaration";
import type { TrafficState } from "../../rollout/traffic-state";
import { SlipwayError } from "../../toolchain/errors";
import { projectRoot, stateDir } from "../../toolchain/paths";
import { writePrivate } from "../local-session";

/** Key of the configuration that holds the state of every service's traffic. */
export const TRAFFIC_KEY = "slipway:traffic";

export type TrafficStates = Readonly<Record<string, TrafficState>>;

/** The last entry of a record, as this machine knows it. */
export interface RecordHead {
  readonly hash: string;
  /** UID of the cluster that holds it; undefined where the cluster would not tell. */
  readonly cluster?: string | undefined;
}

/** Where it is kept what was decided about traffic: what updates declare from then on. */
export interface TrafficStore {
  read(): TrafficStates;
  write(service: string, state: TrafficState): void;
  /** Notes the record's last entry, whose hash the next update exports. */
  noteHead(service: string, head: RecordHead): void;
  /** What was noted last of a service; undefined where nothing was. */
  headOf(service: string): RecordHead | undefined;
  /** A file that others must be given, too; undefined where it is this machine's affair. */
  readonly sharedFile?: string;
}

/** Beside the settings that the engine works with, so that it lives as long as the stack. */
export const localTrafficFile = (workDir: string): string => join(workDir, "traffic.json");

const isSlot = (value: unknown): value is Slot => SLOTS.includes(value as Slot);

/** What a file says about a service's traffic, or a sentence's reason why it says nothing. */
function stateOf(value: unknown, file: string, service: string): TrafficState {
  const { live, weights, mirror, standby, candidate, recordHead, recordCluster } = (value ??
    {}) as Partial<TrafficState>;
  const shares = SLOTS.map((slot) => weights?.[slot]);
  if (
    !isSlot(live) ||
    !shares.every((share) => Number.isInteger(share) && share! >= 0) ||
    shares.reduce((sum, share) => sum! + share!, 0) !== 100
  ) {
    throw new SlipwayError(
      `${file}: \`${TRAFFIC_KEY}\` of \`${service}\` must have \`live\` (blue or green) and \`weights\` that sum to 100`,
    );
  }
  return {
    live,
    weights: { blue: weights!.blue, green: weights!.green },
    mirror: mirror ?? 0,
    standby: standby ?? "warm",
    ...(isSlot(candidate) || candidate === "none" ? { candidate } : {}),
    ...(typeof recordHead === "string" ? { recordHead } : {}),
    ...(typeof recordCluster === "string" ? { recordCluster } : {}),
  };
}

function statesOf(value: unknown, file: string): TrafficStates {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new SlipwayError(`${file}: \`${TRAFFIC_KEY}\` must be a map of services`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([service, state]) => [service, stateOf(state, file, service)]),
  );
}

/** What the local stack's own file says. */
export function readLocalTraffic(workDir: string): TrafficStates {
  const file = localTrafficFile(workDir);
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new SlipwayError(`${file} is not JSON; remove it and run \`npm run up\``);
  }
  return statesOf(content, basename(file));
}

/** What was decided, apart from the head of the record, which lies beside it and stays when the former changes. */
function headed(
  read: () => TrafficStates,
  write: (service: string, state: TrafficState) => void,
): Pick<TrafficStore, "read" | "write" | "noteHead" | "headOf"> {
  const decided = ({ recordHead: _head, recordCluster: _cluster, ...state }: TrafficState): TrafficState =>
    state;
  return {
    read: () =>
      Object.fromEntries(Object.entries(read()).map(([service, state]) => [service, decided(state)])),
    write: (service, state) => {
      write(service, { ...decided(state), ...headIn(read()[service]) });
    },
    noteHead: (service, { hash: recordHead, cluster: recordCluster }) => {
      const state = read()[service];
      if (state)
        write(service, { ...decided(state), recordHead, ...(recordCluster ? { recordCluster } : {}) });
    },
    headOf: (service) => {
      const { recordHead: hash, recordCluster: cluster } = headIn(read()[service]);
      return hash === undefined ? undefined : { hash, cluster };
    },
  };
}

function headIn(state: TrafficState | undefined): Pick<TrafficState, "recordHead" | "recordCluster"> {
  const { recordHead, recordCluster } = state ?? {};
  return {
    ...(recordHead === undefined ? {} : { recordHead }),
    ...(recordCluster === undefined ? {} : { recordCluster }),
  };
}

/** Of the stack on this machine: a file in the state directory. */
export function localTrafficStore(profile: string): TrafficStore {
  const workDir = join(stateDir(), "engine", profile);
  return {
    ...headed(
      () => readLocalTraffic(workDir),
      (service, state) => {
        const states = { ...readLocalTraffic(workDir), [service]: state };
        writePrivate(localTrafficFile(workDir), `${JSON.stringify(states, null, 2)}\n`);
      },
    ),
  };
}

/** Of a stack that others work on, too: the profile's committed file, written as `pulumi config set` does. */
export function profileTrafficStore(profile: string, root = projectRoot): TrafficStore {
  const file = join(root, `Pulumi.${profile}.yaml`);
  const load = () => {
    const { parseDocument } = require("yaml") as typeof import("yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    const [problem] = document.errors;
    if (problem) {
      const line = problem.message.split("\n")[0]!.replace(/:$/, "");
      throw new SlipwayError(`${basename(file)} is not valid YAML (${line}); mend that line of ${file}`);
    }
    return document;
  };
  return {
    sharedFile: basename(file),
    ...headed(
      () => {
        const { config } = (load().toJS() ?? {}) as { config?: Record<string, unknown> };
        return statesOf(config?.[TRAFFIC_KEY], basename(file));
      },
      (service, state) => {
        const document = load();
        document.setIn(["config", TRAFFIC_KEY, service], document.createNode(state));
        const whole = join(root, `.${basename(file)}.${process.pid}.tmp`);
        try {
          writeFileSync(whole, document.toString({ lineWidth: 0 }));
          renameSync(whole, file);
        } catch (error) {
          rmSync(whole, { force: true });
          throw error;
        }
      },
    ),
  };
}
