import { randomUUID } from "node:crypto";
import { otherSlot, SLOTS, type Slot } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { planAbort, planRollback } from "../../rollout/plan";
import { openJournal, settledState, type Situation } from "../../rollout/situation";
import { begin, isFinished, withGates, type Journal, type Step } from "../../rollout/plan-journal";
import { retreat } from "../../rollout/plan-walk";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { at, look, type Desk } from "./desk";
import { fileSystemSentence } from "../file-system-sentence";
import { TakenOver } from "./journal-file";
import { ApiError } from "./kubernetes";
import { doMove, MoveFailed, moveRoutes, type Move } from "./move";

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
    candidate: otherSlot(origin.live),
    sequence: situation.lastMove?.sequence ?? 0,
    contents: Object.fromEntries(filled.map((slot) => [slot, situation.slots[slot].content])),
    steps,
  });
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
): Promise<Outcome> {
  const { situation } = await look(desk);
  const decision = command === "rollback" ? planRollback(situation) : planAbort(situation);
  if (decision.kind === "refused") throw new SlipwayError(decision.why);
  if (decision.kind === "nothing") return { kind: "nothing", sentence: decision.why };
  const unfinished = openJournal(situation);
  const journal =
    unfinished?.command === command
      ? unfinished
      : newJournal(desk, situation, command, why, withWarmUp(situation, decision.steps));
  return goBackBy(desk, journal, startedAt);
}

/** A slot without pods is made ready before it is given any traffic. */
function withWarmUp(situation: Situation, steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1) as Move;
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
  const journal = { ...newJournal(desk, situation, "rollback", why, steps), contents: failed.contents };
  return goBackBy(desk, withGates(journal, gates), desk.clock.now(), locked);
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

async function goBackBy(desk: Desk, given: Journal, startedAt: number, locked = false): Promise<Outcome> {
  let journal = given;
  const { service } = journal;
  try {
    desk.journal.write(journal);
    desk.journal.claimFor(journal.id);
  } catch (error) {
    throw await movedUnnoted(desk, journal, error);
  }
  let hasMoved = false;
  while (!isFinished(journal)) {
    const step = journal.steps[journal.cursor] as Move;
    const isLast = journal.cursor === journal.steps.length - 1;
    if (!isLast)
      desk.progress.note(
        `${step.to.live === "blue" ? "green" : "blue"} has no pods: it is made ready first.`,
      );
    const { live } = step.to;
    try {
      journal = await doMove(desk, journal, {
        routesFirst: isLast,
        locked,
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
      const so = hasMoved ? `all traffic of \`${service}\` is on ${live}, but that` : "that";
      throw new SlipwayError(
        `${so} could not be recorded: ${messageOf(error)}; \`slipway ${journal.command} ${service}\` again does it`,
        1,
        { cause: error },
      );
    }
  }
  const { live } = (journal.steps.at(-1) as Move).to;
  const { situation } = await look(desk);
  const { ready, detail } = situation.slots[live];
  if (!ready) desk.progress.note(`Slot ${live} is not ready: ${detail}.`);
  return { kind: "done", sentence: `all traffic of \`${service}\` is on ${live}, which is live` };
}
