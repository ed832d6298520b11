import { notReady } from "../../rollout/plan";
import type { Journal } from "../../rollout/plan-journal";
import type { SlotCondition } from "../../rollout/situation";
import { messageOf } from "../../toolchain/errors";
import type { Task } from "../../toolchain/progress";
import type { Desk } from "./desk";
import { TakenOver } from "./journal-file";
import { MissingPods } from "./missing-pods";
import type { Observation } from "./observe";
import {
  BAD_LOOKS,
  ended,
  fail,
  halt,
  interrupted,
  LOOK_MS,
  standStill,
  type Next,
  type WalkContext,
  type WalkEnd,
} from "./walk-end";

/** How a step that watches the candidate stands, while it goes on. */
export interface Standing {
  /** For the person who waits. */
  readonly text: string;
  /** Milliseconds since 1970 when it is worth looking again. */
  readonly nextAt: number;
}

/** What a step makes of its looks. */
export interface Watching {
  /** Asks what is due, and writes down what was said. */
  measure(journal: Journal): Promise<Journal>;
  /** What follows from all that was said. */
  judge(journal: Journal): Promise<Standing | Next>;
}

/** How long a cluster that does not answer is looked at again, in milliseconds. */
const BLIND_MS = 60_000;

/** Another command's switch is no blindness. */
const seenOr = (look: () => Promise<Observation>): Promise<Observation | { readonly error: string }> =>
  look().catch((error: unknown) => {
    if (error instanceof TakenOver) throw error;
    return { error: messageOf(error) };
  });

/** Credentials that have ended, or a cluster that is gone: a person has to see to it, and the step is not over. */
function blind(desk: Desk, journal: Journal, error: string): WalkEnd {
  const { service } = journal;
  const why = `${error}; nothing is known of the candidate, and traffic stays where it is: \`slipway rollout ${service}\` goes on, \`slipway rollback ${service}\` goes back`;
  return halt(desk, journal, { reason: "inconclusive", why });
}

/** No step ends, well or badly, while the cluster does not answer: its end moves traffic there. */
const unseen = (now: number): Standing => ({ text: "the cluster does not answer", nextAt: now + LOOK_MS });

const isStanding = (given: Standing | Next): given is Standing => "nextAt" in given;

/** What is to be thought of a candidate that is not as it should be, from one look to the next. */
class BadLooks {
  private silent = 0;
  private readonly pods = new MissingPods();

  /** @returns what has been so for too long: that it does not answer at all, or that pods are missing */
  judge(condition: SlotCondition, now: number): "silent" | "incomplete" | undefined {
    this.silent = condition.answers ? 0 : this.silent + 1;
    const areLate = this.pods.areLate(condition, now);
    if (this.silent >= BAD_LOOKS) return "silent";
    return areLate && condition.answers ? "incomplete" : undefined;
  }
}

/** Why a step may not give the candidate more. */
export interface Obstacle {
  readonly why: string;
  /** The candidate does not answer: what it has is to go back. */
  readonly isDown: boolean;
}

/**
 * Waits, before a step gives the candidate more, for pods that are missing while others answer, and for the live slot to answer: what
 * the candidate is given can come back only to that one, and somebody may be waiting for it to.
 * @returns why it cannot be given more; undefined where it can
 */
export async function awaitCandidate(
  desk: Desk,
  journal: Journal,
  settings: WalkContext,
): Promise<Obstacle | undefined> {
  const { service, candidate, origin } = journal;
  const pods = new MissingPods();
  let [isNoted, silent] = [false, 0];
  for (;;) {
    const { situation } = await settings.own.look(desk, journal);
    const condition = situation.slots[candidate];
    const isLate = pods.areLate(condition, desk.clock.now());
    const why = notReady(service, candidate, condition);
    if (why !== undefined) {
      if (!condition.answers || isLate || settings.signal.aborted) return { why, isDown: !condition.answers };
      if (!isNoted) desk.progress.note(`Slot ${candidate} is waited for: ${condition.detail}.`);
      isNoted = true;
    } else {
      const live = situation.slots[origin.live];
      // One without pods is made ready first, by whoever goes back to it.
      if (live.answers || live.cold) return undefined;
      if (++silent >= BAD_LOOKS || settings.signal.aborted)
        return { why: noWayBack(journal, live), isDown: false };
    }
    await desk.clock.sleep(LOOK_MS, settings.signal);
  }
}

const noWayBack = ({ service, candidate, origin }: Journal, { detail }: SlotCondition): string =>
  `no pod of slot ${origin.live} of \`${service}\` answers (${detail}), which is the way back; \`slipway promote ${service}\` sends all traffic to ${candidate} all the same`;

/**
 * Looks, measures and sleeps until the step is over, the walk is interrupted or another command has taken the service over. A
 * candidate that does not answer fails it; one whose pods stay away while others answer leaves it undecided.
 */
export async function watchCandidate(
  desk: Desk,
  given: Journal,
  task: Task,
  settings: WalkContext,
  { measure, judge }: Watching,
): Promise<Next> {
  const { clock } = desk;
  let journal = given;
  const bad = new BadLooks();
  let blindSince: number | undefined;
  for (;;) {
    if (settings.signal.aborted) return ended(task, await interrupted(desk, journal, settings));
    desk.journal.assertMine(journal.id);
    journal = await measure(journal);
    const seen = await seenOr(() => settings.own.look(desk, journal));
    if ("error" in seen) {
      blindSince ??= clock.now();
      if (clock.now() - blindSince >= BLIND_MS) return ended(task, blind(desk, journal, seen.error));
    } else {
      blindSince = undefined;
      const { service, candidate } = journal;
      const condition = seen.situation.slots[candidate];
      const wrong = notReady(service, candidate, condition);
      const isBad = bad.judge(condition, clock.now());
      if (wrong && isBad === "silent") return ended(task, await fail(desk, journal, settings, wrong));
      if (wrong && isBad === "incomplete") return ended(task, standStill(desk, journal, wrong));
    }
    const next = blindSince === undefined ? await judge(journal) : unseen(clock.now());
    if (!isStanding(next)) return next;
    task.update(next.text);
    await clock.sleep(Math.max(0, Math.min(next.nextAt - clock.now(), LOOK_MS)), settings.signal);
  }
}
