import { notReady } from "../../rollout/plan";
import type { Journal } from "../../rollout/plan-journal";
import { messageOf } from "../../toolchain/errors";
import type { Task } from "../../toolchain/progress";
import type { Desk } from "./desk";
import { TakenOver } from "./journal-file";
import type { Observation } from "./observe";
import {
  BAD_LOOKS,
  ended,
  fail,
  halt,
  interrupted,
  LOOK_MS,
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

/**
 * Looks, measures and sleeps until the step is over, the walk is interrupted or another command has taken the service over. A
 * candidate that is not ready fails it.
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
  let badLooks = 0;
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
      const wrong = notReady(journal.service, journal.candidate, seen.situation.slots[journal.candidate]);
      badLooks = wrong ? badLooks + 1 : 0;
      if (wrong && badLooks >= BAD_LOOKS) return ended(task, await fail(desk, journal, wrong));
    }
    const next = blindSince === undefined ? await judge(journal) : unseen(clock.now());
    if (!isStanding(next)) return next;
    task.update(next.text);
    await clock.sleep(Math.max(0, Math.min(next.nextAt - clock.now(), LOOK_MS)), settings.signal);
  }
}
