import { isDeepStrictEqual } from "node:util";
import type { Weights } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { differences, type Situation } from "../../rollout/situation";
import {
  advanced,
  caughtUp,
  currentStep,
  isFinished,
  stateBefore,
  weightsBefore,
  type Journal,
  type Step,
} from "../../rollout/plan-journal";
import type { RecordEntry } from "../../rollout/record/entry";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { clusterIdentity } from "./cluster-identity";
import { at, look, type Desk } from "./desk";
import { jobGateOutcomes } from "./gate-outcomes";
import { asTheyRun, digestsOf, routesOf, servedBy, servicesOf } from "./known-rollout";
import { ApiError } from "./kubernetes";
import { moveAllTraffic } from "./move-routes";
import { SwitchedElsewhere, takenOverBy } from "./own-traffic";
import { appendSwitch, Overtaken } from "./record-store";

export type Move = Extract<Step, { kind: "move" }>;

/** How long a switch that must happen waits for a command that changes the stack, in milliseconds. */
const WAIT_MS = 300_000;

export interface MoveOptions {
  /** Moves the routes before anything else: traffic must not wait for the engine. @default false */
  readonly routesFirst?: boolean;
  /** Told when the routes were moved, before the engine is asked. */
  readonly onRoutesMoved?: () => void;
  /** The caller keeps other commands away already. @default false */
  readonly locked?: boolean;
  /** The sentence of the record. @default the journal's */
  readonly why?: string;
  /** Asked right before the update and right after it; an error stops the move there. */
  readonly guard?: (when: "before" | "after") => Promise<unknown>;
  /** Told the hash of the entry that records the move. */
  readonly onRecorded?: (head: string) => void;
}

/** An update did not do what it was to do; traffic may be anywhere between the two states. */
export class MoveFailed extends SlipwayError {}

/**
 * Does the journal's current step, which moves something: routes, where that is urgent, then configuration, engine, record, and at
 * last the journal itself. Cut off anywhere, the same call brings it to its end.
 */
export async function doMove(desk: Desk, given: Journal, options: MoveOptions = {}): Promise<Journal> {
  let journal = given;
  const step = currentStep(journal);
  if (step?.kind !== "move") throw new Error("The journal's current step moves nothing.");
  if (options.routesFirst) {
    await moveRoutes(desk, step);
    options.onRoutesMoved?.();
  }
  const work = async () => {
    desk.journal.retake(journal);
    desk.journal.assertMine(journal.id);
    await options.guard?.("before");
    let seen: Situation | undefined;
    const recorded = async () => {
      // What first gives the candidate anything rests on the gates that ran as Jobs.
      const asked = isFirst(journal) && step.to.candidate === journal.candidate;
      const gates = [...(asked ? await jobGateOutcomes(desk) : []), ...spokenSince(journal)];
      const why = options.why ?? journal.why;
      if (isFirst(journal) && journal.unrecorded) journal = await recordFound(desk, journal, step, seen);
      const entry = await record(desk, journal, step, { why, gates, seen });
      options.onRecorded?.(entry.hash);
      return entry;
    };
    let entry: RecordEntry | undefined;
    if (options.routesFirst) {
      // Whoever was at work until now, or still is, may have put the weights back.
      await moveRoutes(desk, step);
      seen = await noteMoves(desk, journal);
      entry = await recordedAtOnce(desk, step, recorded);
      await desk.engine().untilAlone(() => moveRoutes(desk, step));
      await moveRoutes(desk, step);
    }
    if (!isUnchanged(desk, journal, step)) {
      try {
        seen = await updateStack(desk, step);
      } catch (error) {
        // The next update of whatever else must not take away the pods of the way back.
        if (step.action === "scaled-down") desk.store.write(journal.service, stateBefore(journal));
        if (options.routesFirst && error instanceof MoveFailed) {
          // Most likely another machine's update has the stack: its command yields to the entry, and may have moved the routes.
          if (!entry) await recorded().catch(() => undefined);
          await moveRoutes(desk, step);
        }
        throw error;
      }
      await options.guard?.("after");
    }
    entry ??= await recorded();
    const next = caughtUp(advanced(journal, at(desk)), entry.sequence);
    desk.journal.write(next);
    if (isFinished(next)) desk.journal.releaseClaim(next.id);
    return next;
  };
  if (options.locked) return work();
  // The update of a walk that has the lock puts its own weights there: once is not enough.
  const again = options.routesFirst ? () => moveRoutes(desk, step).catch(() => 0) : undefined;
  return desk.exclusively(`${journal.command} ${journal.service}`, work, WAIT_MS, again);
}

/**
 * Records a move of the routes before the engine is asked, where the key is at hand: by the record another machine's command sees
 * that it must yield. What fails here is tried again after the update.
 */
async function recordedAtOnce(
  desk: Desk,
  step: Move,
  recorded: () => Promise<RecordEntry>,
): Promise<RecordEntry | undefined> {
  if (desk.signingKey() === undefined) return undefined;
  // What was decided, first: an entry without it would count as another machine's.
  desk.store.write(desk.rollout.name, step.to);
  return recorded().catch((error: unknown) => {
    if (error instanceof SlipwayError || error instanceof ApiError) return undefined;
    throw error;
  });
}

/** What this machine recorded while a way back waited for its turn must not look as if another had taken over after it. */
async function noteMoves(desk: Desk, journal: Journal): Promise<Situation> {
  const { situation } = await look(desk);
  const { lastMove } = situation;
  if (lastMove && lastMove.by !== journal.by) desk.journal.write(caughtUp(journal, lastMove.sequence));
  return situation;
}

/** What gates have said since the step before that moved something: what it rested on itself stands in its own entry. */
function spokenSince({ steps, cursor, gates, experiment }: Journal): readonly GateOutcome[] {
  const done = steps.slice(0, cursor);
  const last = done.map(({ kind }) => kind).lastIndexOf("move");
  const asked = done.slice(last + 1).some(({ kind }) => kind === "watch" || kind === "experiment");
  // A bandit's steps lie before the test that asks for them.
  const isBandit = steps[cursor + 1]?.kind === "experiment" && experiment !== undefined;
  return last < 0 || asked || isBandit ? gates : [];
}

const isFirst = ({ steps, cursor }: Journal) => !steps.slice(0, cursor).some(({ kind }) => kind === "move");

/**
 * Notes in the record what the gates' Jobs refused, where one of them did: the update failed, and nothing moved. That it cannot be
 * noted is said, and no second error.
 */
export async function recordRefusal(desk: Desk, journal: Journal): Promise<void> {
  const step = currentStep(journal);
  if (step?.kind !== "move" || step.to.candidate !== journal.candidate) return;
  // A Job that failed before stands there until an update gets as far as making another.
  const gates = await jobGateOutcomes(desk, journal.since);
  if (gates.every(({ verdict }) => verdict === "passed")) return;
  const { live } = journal.origin;
  const weights = weightsBefore(journal);
  const refused: Move = { ...step, action: "refused", to: { ...step.to, live, weights } };
  try {
    await record(desk, journal, refused, { why: journal.why, gates: [...gates, ...journal.gates] });
  } catch (error) {
    desk.progress.note(`The refusal is not in the record: ${messageOf(error)}.`);
  }
}

/**
 * What the routes do although no entry says so, as it was found: the entry that follows begins with it.
 * @returns the journal without it: the same command again must not record it twice
 */
async function recordFound(
  desk: Desk,
  journal: Journal,
  step: Move,
  seen: Situation | undefined,
): Promise<Journal> {
  const { from, to } = journal.unrecorded!;
  const found: Move = {
    ...step,
    action: "observed",
    to: { ...step.to, live: journal.origin.live, weights: to },
  };
  await record(desk, journal, found, { why: FOUND, gates: [], seen, from });
  const written = desk.journal.read();
  if (written?.id === journal.id) desk.journal.write({ ...written, unrecorded: undefined });
  return { ...journal, unrecorded: undefined };
}

/** Sends all traffic where the step wants it. @returns how many routes had to be moved */
export function moveRoutes({ cluster, rollout }: Desk, { to }: Move): Promise<number> {
  return moveAllTraffic(cluster, rollout.namespace, routesOf(rollout), servicesOf(rollout), to.live);
}

/** A rollout begins with the state that there is: nothing to update. */
const isUnchanged = (desk: Desk, journal: Journal, step: Move) =>
  step.action === "rollout-started" &&
  isDeepStrictEqual(stateBefore(journal), step.to) &&
  isDeepStrictEqual(desk.store.read()[journal.service] ?? step.to, step.to);

/** @returns what is so after it */
async function updateStack(desk: Desk, step: Move): Promise<Situation> {
  const { name } = desk.rollout;
  desk.store.write(name, step.to);
  try {
    const outputs = await desk.engine().update(name, `${name}: ${step.title}`);
    const published = outputs.rollouts.find((rollout) => rollout.name === name);
    if (published) desk.rollout = published;
    desk.keep(outputs);
  } catch (error) {
    throw new MoveFailed(messageOf(error), 1, { cause: error });
  }
  const { situation } = await look(desk);
  const [wrong] = differences({ ...situation, configured: step.to, journal: undefined });
  if (wrong) throw new MoveFailed(`the update ended, and ${wrong}`);
  return situation;
}

const FOUND = "found so: no entry says who moved it";

/** A way back counts whatever others do; what leads on yields to it. */
const isPatient = ({ command }: Journal): boolean => command === "rollout" || command === "promote";

async function record(
  desk: Desk,
  journal: Journal,
  step: Move,
  {
    why,
    gates,
    seen,
    from = weightsBefore(journal),
  }: { why: string; gates: readonly GateOutcome[]; seen?: Situation | undefined; from?: Weights },
): Promise<RecordEntry> {
  const { rollout, cluster } = desk;
  const real = asTheyRun(rollout, seen?.slots);
  let key = desk.signingKey();
  if (key === undefined) {
    const outputs = await desk.engine().outputs();
    desk.keep(outputs);
    key = outputs.signingKey;
  }
  if (key === undefined) {
    throw new SlipwayError("the stack has no key that signs records; update the whole stack to make one");
  }
  const known = { sequence: journal.sequence, since: journal.startedAt, yields: isPatient(journal) };
  const entry = await appendSwitch(
    cluster,
    { namespace: rollout.namespace, service: rollout.name, record: rollout.record },
    {
      service: rollout.name,
      at: at(desk),
      by: journal.by,
      action: step.action,
      why,
      live: step.to.live,
      from,
      to: step.to.weights,
      mirror: step.to.mirror,
      digests: digestsOf(real),
      models: servedBy(real),
      gates,
    },
    // Refusals move nothing, so what the journal has seen of the record may end before the last of them.
    step.action === "refused" ? { since: journal.since } : known,
    key,
  ).catch((error: unknown) => {
    throw error instanceof Overtaken
      ? new SwitchedElsewhere(takenOverBy(error.entry, desk), error.entry)
      : error;
  });
  desk.store.noteHead(rollout.name, { hash: entry.hash, cluster: await clusterIdentity(cluster) });
  return entry;
}
