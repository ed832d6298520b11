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

interface Waiting {
  /** Asked before each further look. */
  readonly meanwhile?: () => void;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** What is so, or why that cannot be told now: a look that is not answered is no reason to give up a way back. */
const situationOr = (desk: Desk): Promise<Situation | string> =>
  look(desk).then(({ situation }) => situation, messageOf);

/**
 * Waits until sending all traffic to `live` is no outage. Costs nothing where it is none from the beginning.
 * @returns what is so then
 * @throws NoWayBack where it still is one after two minutes
 */
async function awaitWayBack(
  desk: Desk,
  given: Situation | string,
  live: Slot,
  { meanwhile = () => {}, signal }: Waiting = {},
): Promise<Situation> {
  const deadline = desk.clock.now() + WAY_BACK_MS;
  let seen = given;
  for (let isFirst = true; ; isFirst = false) {
    const outage = typeof seen === "string" ? seen : outageBy(seen, live);
    if (typeof seen !== "string" && outage === undefined) return seen;
    const again = `\`slipway rollback ${desk.rollout.name} --force\` moves it all the same`;
    if (signal?.aborted || desk.clock.now() >= deadline)
      throw new NoWayBack(`${outage}: traffic stays where it is; ${again}`);
    if (isFirst) desk.progress.note(`Traffic waits for up to ${WAY_BACK_MS / 1000} s: ${outage}; ${again}.`);
    await desk.clock.sleep(LOOK_MS, signal);
    meanwhile();
    seen = await situationOr(desk);
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
  const begun = unfinished?.command === command ? unfinished : undefined;
  const todo = begun ?? { steps: withWarmUp(situation, decision.steps), cursor: 0 };
  // Before it is written down: a walk that is on goes on judging the candidate.
  const isAtOnce = force || isWarmUp(todo);
  const settled = isAtOnce ? situation : await awaitWayBack(desk, situation, lastMoveOf(todo).to.live);
  const journal = begun ?? newJournal(desk, settled, command, why, todo.steps);
  return goBackBy(desk, journal, startedAt, { force });
}

const lastMoveOf = ({ steps }: Pick<Journal, "steps">): Move => steps.at(-1) as Move;

/** The slot that traffic goes back to has no pods, and is given some first. */
const isWarmUp = ({ steps, cursor }: Pick<Journal, "steps" | "cursor">): boolean => cursor < steps.length - 1;

/** A slot without pods is made ready before it is given any traffic. */
function withWarmUp(situation: Situation, steps: readonly Step[]): readonly Step[] {
  const last = lastMoveOf({ steps });
  if (!situation.slots[last.to.live].cold) return steps;
  const origin = settledState(situation);
  const warm = { ...origin, standby: "warm" } as const;
  return [{ kind: "move", to: warm, action: "step", title: `${last.to.live} made ready again` }, ...steps];
}

interface BackFromOptions extends Pick<Waiting, "signal"> {
  /** The caller keeps other commands away already. @default false */
  readonly locked?: boolean;
  /** @default the slot that was live when what failed began */
  readonly live?: Slot;
}

/**
 * A rollout goes back by itself.
 * @throws NoWayBack where traffic stays where it is, and `failed` is the service's journal as before
 */
export async function goBackFrom(
  desk: Desk,
  failed: Journal,
  why: string,
  gates: readonly GateOutcome[],
  { locked = false, live = failed.origin.live, signal }: BackFromOptions = {},
): Promise<Outcome> {
  const { situation } = await look(desk);
  const steps = withWarmUp(situation, [retreat(live, "rolled-back")]);
  const meanwhile = () => desk.journal.assertMine(failed.id);
  const settled =
    steps.length === 1 ? await awaitWayBack(desk, situation, live, { meanwhile, signal }) : situation;
  const begun = newJournal(desk, settled, "rollback", why, steps);
  // What the routes do now is this rollout's own doing.
  const journal = { ...begun, unrecorded: undefined, contents: failed.contents };
  try {
    return await goBackBy(desk, withGates(journal, gates), desk.clock.now(), { locked, signal });
  } catch (error) {
    if (!(error instanceof NoWayBack)) throw error;
    // No traffic moved: what failed is where it was, unless a third command has come.
    desk.journal.assertMine(journal.id);
    desk.journal.takeOver(failed);
    throw error;
  }
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
  { locked = false, force = false, signal }: GoBackOptions & Pick<BackFromOptions, "locked" | "signal">,
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
    if (isLast && journal.cursor > 0 && !force)
      await awaitWayBack(desk, await situationOr(desk), live, { signal });
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
