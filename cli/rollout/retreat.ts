import { randomUUID } from "node:crypto";
import { otherSlot, SLOTS, type Slot } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { planAbort, planRollback } from "../../rollout/plan";
import {
  openJournal,
  outageBy,
  settledState,
  unrecordedWeights,
  type Situation,
} from "../../rollout/situation";
import { begin, isFinished, withGates, type Journal, type Step } from "../../rollout/plan-journal";
import { retreat } from "../../rollout/plan-walk";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { at, look, lookAndTell, type Desk } from "./desk";
import { fileSystemSentence } from "../file-system-sentence";
import { TakenOver } from "./journal-file";
import { ApiError } from "./kubernetes";
import { doMove, MoveFailed, moveRoutes, type Move } from "./move";
import type { SwitchedElsewhere } from "./own-traffic";

export type Outcome = { readonly kind: "done" | "nothing"; readonly sentence: string };

/** A journal for a command that starts now. */
export function newJournal(
  desk: Desk,
  situation: Situation,
  command: Journal["command"],
  why: string,
  steps: readonly Step[],
): Journal {
  const origin = settledState(situation);
  const filled = SLOTS.filter((slot) => situation.slots[slot].content !== "");
  return begin({
    id: randomUUID(),
    service: situation.service,
    command,
    by: desk.by,
    why,
    startedAt: at(desk),
    origin,
    found: situation.routes[0]?.weights,
    unrecorded: unrecordedWeights(situation),
    candidate: otherSlot(origin.live),
    sequence: situation.lastMove?.sequence ?? 0,
    contents: Object.fromEntries(filled.map((slot) => [slot, situation.slots[slot].content])),
    steps,
  });
}

/** How long a slot without a pod that answers is waited for, in milliseconds, and how often it is looked at. */
const WAY_BACK_MS = 120_000;
const LOOK_MS = 2_000;

/** Where traffic would have to go back to nothing answers, and where it is it is answered. */
export class NoWayBack extends SlipwayError {}

/**
 * Waits until sending all traffic to `live` is no outage. Costs nothing where it is none from the beginning.
 * @param meanwhile asked before each further look
 * @throws NoWayBack where it still is one after two minutes
 */
async function awaitWayBack(
  desk: Desk,
  given: Situation,
  live: Slot,
  meanwhile: () => void = () => {},
): Promise<void> {
  const deadline = desk.clock.now() + WAY_BACK_MS;
  let situation = given;
  for (let isFirst = true; ; isFirst = false) {
    const outage = outageBy(situation, live);
    if (outage === undefined) return;
    const again = `\`slipway rollback ${situation.service} --force\` moves it all the same`;
    if (desk.clock.now() >= deadline) throw new NoWayBack(`${outage}: traffic stays where it is; ${again}`);
    if (isFirst) desk.progress.note(`Traffic waits for up to ${WAY_BACK_MS / 1000} s: ${outage}; ${again}.`);
    await desk.clock.sleep(LOOK_MS);
    meanwhile();
    situation = (await look(desk)).situation;
  }
}

export interface GoBackOptions {
  /** Also to a slot where nothing answers. @default false */
  readonly force?: boolean | undefined;
}

/**
 * `rollback` and `abort`: traffic goes back at once, before the engine is even loaded; configuration, stack and record follow.
 * @param startedAt milliseconds since 1970 at which the person asked for it
 */
export async function goBack(
  desk: Desk,
  command: "rollback" | "abort",
  why: string,
  startedAt: number,
  { force = false }: GoBackOptions = {},
): Promise<Outcome> {
  const { situation } = await lookAndTell(desk);
  const decision = command === "rollback" ? planRollback(situation) : planAbort(situation);
  if (decision.kind === "refused") throw new SlipwayError(decision.why);
  if (decision.kind === "nothing") return { kind: "nothing", sentence: decision.why };
  const unfinished = openJournal(situation);
  const journal =
    unfinished?.command === command
      ? unfinished
      : newJournal(desk, situation, command, why, withWarmUp(situation, decision.steps));
  // Before it is written down: a walk that is on goes on judging the candidate.
  if (!force && !isWarmUp(journal)) await awaitWayBack(desk, situation, lastMoveOf(journal).to.live);
  return goBackBy(desk, journal, startedAt, { force });
}

const lastMoveOf = ({ steps }: Pick<Journal, "steps">): Move => steps.at(-1) as Move;

/** The slot that traffic goes back to has no pods, and is given some first. */
const isWarmUp = ({ steps, cursor }: Journal): boolean => cursor < steps.length - 1;

/** A slot without pods is made ready before it is given any traffic. */
function withWarmUp(situation: Situation, steps: readonly Step[]): readonly Step[] {
  const last = lastMoveOf({ steps });
  if (!situation.slots[last.to.live].cold) return steps;
  const origin = settledState(situation);
  const warm = { ...origin, standby: "warm" } as const;
  return [{ kind: "move", to: warm, action: "step", title: `${last.to.live} made ready again` }, ...steps];
}

/**
 * A rollout goes back by itself.
 * @param live the slot that gets all traffic
 */
export async function goBackFrom(
  desk: Desk,
  failed: Journal,
  why: string,
  gates: readonly GateOutcome[],
  { locked = false, live = failed.origin.live }: { readonly locked?: boolean; readonly live?: Slot } = {},
): Promise<Outcome> {
  const { situation } = await look(desk);
  const steps = withWarmUp(situation, [retreat(live, "rolled-back")]);
  if (steps.length === 1) await awaitWayBack(desk, situation, live, () => desk.journal.assertMine(failed.id));
  const begun = newJournal(desk, situation, "rollback", why, steps);
  // What the routes do now is this rollout's own doing.
  const journal = { ...begun, unrecorded: undefined, contents: failed.contents };
  return goBackBy(desk, withGates(journal, gates), desk.clock.now(), { locked });
}

/**
 * All traffic goes where another command sent it, whose move this one's update undid.
 * @returns a sentence about what happened and where traffic is
 */
export async function goWhereSent(
  desk: Desk,
  journal: Journal,
  { message, entry }: SwitchedElsewhere,
  options: { readonly locked?: boolean } = {},
): Promise<string> {
  const { live } = entry!;
  const { sentence } = await goBackFrom(desk, journal, message, journal.gates, { ...options, live });
  return `${message}; ${sentence}`;
}

/** What keeps a move from being recorded; another command that took over is none. */
const isTrouble = (error: unknown): boolean =>
  (error instanceof SlipwayError && !(error instanceof TakenOver)) || error instanceof ApiError;

/** A full disk keeps nobody's traffic where it must not be. */
async function movedUnnoted(
  desk: Desk,
  { service, command, steps }: Journal,
  error: unknown,
): Promise<Error> {
  const why = fileSystemSentence(error) ?? messageOf(error);
  const again = `; then \`slipway ${command} ${service}\` again does it`;
  // Traffic for a slot without pods would be worse.
  if (steps.length > 1) return new SlipwayError(`nothing was moved: ${why}${again}`, 1, { cause: error });
  const step = steps[0] as Move;
  await moveRoutes(desk, step);
  const so = `all traffic of \`${service}\` is on ${step.to.live}, but that could not be recorded`;
  return new SlipwayError(`${so}: ${why}${again}`, 1, { cause: error });
}

/** What was done of a way back that did not come to its end. */
function soFar(service: string, live: Slot, hasMoved: boolean, isRecorded: boolean): string {
  if (!hasMoved) return "that could not be recorded";
  const moved = `all traffic of \`${service}\` is on ${live}`;
  return isRecorded
    ? `${moved} and the record says so, but the stack could not be updated`
    : `${moved}, but that could not be recorded`;
}

async function goBackBy(
  desk: Desk,
  given: Journal,
  startedAt: number,
  { locked = false, force = false }: GoBackOptions & { readonly locked?: boolean },
): Promise<Outcome> {
  let journal = given;
  const { service } = journal;
  try {
    desk.journal.write(journal);
    desk.journal.claimFor(journal.id);
  } catch (error) {
    throw await movedUnnoted(desk, journal, error);
  }
  let [hasMoved, isRecorded] = [false, false];
  while (!isFinished(journal)) {
    const step = journal.steps[journal.cursor] as Move;
    const isLast = journal.cursor === journal.steps.length - 1;
    if (!isLast)
      desk.progress.note(
        `${step.to.live === "blue" ? "green" : "blue"} has no pods: it is made ready first.`,
      );
    const { live } = step.to;
    if (isLast && journal.cursor > 0 && !force) await awaitWayBack(desk, (await look(desk)).situation, live);
    try {
      journal = await doMove(desk, journal, {
        routesFirst: isLast,
        locked,
        onRecorded: () => (isRecorded = isLast),
        onRoutesMoved: () => {
          hasMoved = true;
          const seconds = ((desk.clock.now() - startedAt) / 1000).toFixed(1);
          desk.progress.note(
            `All traffic of ${service} is on ${live} after ${seconds} s; now it is recorded.`,
          );
        },
      });
    } catch (error) {
      if (!(error instanceof MoveFailed) && !(hasMoved && isTrouble(error))) throw error;
      const again = `\`slipway ${journal.command} ${service}\` again does it`;
      throw new SlipwayError(
        `${soFar(service, live, hasMoved, isRecorded)}: ${messageOf(error)}; ${again}`,
        1,
        {
          cause: error,
        },
      );
    }
  }
  const { live } = lastMoveOf(journal).to;
  const { situation } = await look(desk);
  const { ready, detail } = situation.slots[live];
  if (!ready) desk.progress.note(`Slot ${live} is not ready: ${detail}.`);
  return { kind: "done", sentence: `all traffic of \`${service}\` is on ${live}, which is live` };
}
