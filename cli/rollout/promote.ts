import { isMeasuring, otherSlot, type MeasuringGate, type Slot } from "../../rollout/declaration";
import { experimentOutcome } from "../../rollout/experiment/progress";
import type { GateOutcome } from "../../rollout/outcome";
import { planPromotion } from "../../rollout/plan";
import { isSplit, openJournal, settledState, type Situation } from "../../rollout/situation";
import { stateAfter, stateBefore, withGates, type Journal } from "../../rollout/plan-journal";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { look, lookAndTell, type Desk } from "./desk";
import { MissingPods } from "./missing-pods";
import { doMove, MoveFailed, recordRefusal } from "./move";
import { SwitchedElsewhere } from "./own-traffic";
import { goBackFrom, goWhereSent, newJournal, NoWayBack, type Outcome } from "./retreat";

/** Asks gates that measure about the candidate of a journal. */
export type Measure = (gates: readonly MeasuringGate[], journal: Journal) => Promise<readonly GateOutcome[]>;

/** How often a candidate that is waited for is looked at, in milliseconds. */
const LOOK_MS = 2_000;

/** Whether pods that are missing are all that keeps a candidate which answers from being promoted. */
function isIncomplete(situation: Situation, candidate: Slot): boolean {
  const condition = situation.slots[candidate];
  if (condition.ready || !condition.answers) return false;
  const whole = { ...situation.slots, [candidate]: { ...condition, ready: true } };
  return planPromotion({ ...situation, slots: whole }).kind === "go";
}

/** Waits for those pods as a walk does, while other commands have the service. */
async function awaitPods(desk: Desk): Promise<void> {
  const pods = new MissingPods();
  for (let isFirst = true; ; isFirst = false) {
    const { situation } = await look(desk);
    const candidate = otherSlot(settledState(situation).live);
    const condition = situation.slots[candidate];
    const isLate = pods.areLate(condition, desk.clock.now());
    if (isLate || !isIncomplete(situation, candidate)) return;
    if (isFirst) desk.progress.note(`Slot ${candidate} is waited for: ${condition.detail}.`);
    await desk.clock.sleep(LOOK_MS);
  }
}

/** `promote`: all traffic to the candidate, which becomes live. */
export async function promote(desk: Desk, why: string, measure: Measure): Promise<Outcome> {
  const { name } = desk.rollout;
  await awaitPods(desk);
  return desk.exclusively(`promote ${name}`, async () => {
    const { situation } = await lookAndTell(desk);
    const decision = planPromotion(situation);
    if (decision.kind === "refused") throw new SlipwayError(decision.why);
    if (decision.kind === "nothing") return { kind: "nothing", sentence: decision.why };
    const before = openJournal(situation);
    const origin = settledState(situation);
    let journal =
      before?.command === "promote" ? before : newJournal(desk, situation, "promote", why, decision.steps);
    // Without any traffic there is nothing that could be measured, nor where an update that was cut off moved all of it already:
    // live has none left to compare with, and the journal has what the gates said before.
    if (isSplit(situation, origin.live) && !isMoved(situation, before)) {
      const gates = (desk.rollout.gates ?? []).filter(isMeasuring);
      journal = withGates(journal, await measure(gates, journal));
      const bad = journal.gates.find(({ verdict }) => verdict !== "passed");
      if (bad) throw new SlipwayError(`gate \`${bad.gate}\` of \`${name}\`: ${bad.reason}`);
    }
    if (before?.experiment && before.id !== journal.id)
      journal = withGates(journal, [...journal.gates, experimentOutcome(before.experiment)]);
    desk.journal.takeOver(journal);
    try {
      await doMove(desk, journal, { locked: true });
    } catch (error) {
      // A `rollback` of this machine waits for its turn: it brings everything back by itself.
      if (error instanceof SwitchedElsewhere || error instanceof MoveFailed)
        desk.journal.assertMine(journal.id);
      if (error instanceof SwitchedElsewhere)
        throw new SlipwayError(await goWhereSent(desk, journal, error, { locked: true }));
      if (!(error instanceof MoveFailed)) throw error;
      throw new SlipwayError(await afterFailure(desk, journal, error, before));
    }
    return {
      kind: "done",
      sentence: `${journal.candidate} of \`${name}\` is live and has all traffic; \`slipway rollback ${name}\` goes back`,
    };
  });
}

/** The update of a promotion that was cut off did all that it was to do. */
function isMoved({ routes }: Situation, unfinished: Journal | undefined): boolean {
  if (unfinished?.command !== "promote") return false;
  const { weights, mirror } = stateAfter(unfinished);
  return routes.every((route) => route.weights.blue === weights.blue && route.mirror === mirror);
}

/**
 * Puts things back where an update failed: what was declared, and traffic, if any of it moved.
 * @param previous what was going on before, which then goes on
 * @returns a sentence about what went wrong and where traffic is
 */
export async function afterFailure(
  desk: Desk,
  journal: Journal,
  error: unknown,
  previous?: Journal,
): Promise<string> {
  const from = stateBefore(journal);
  const { situation } = await look(desk);
  const unmoved = situation.routes.every(
    ({ weights, mirror }) => weights.blue === from.weights.blue && mirror === from.mirror,
  );
  if (!unmoved) {
    const { sentence } = await goBackFrom(desk, journal, messageOf(error), journal.gates, {
      locked: true,
    }).catch((other: unknown) => {
      if (other instanceof NoWayBack) return { sentence: other.message };
      throw other;
    });
    return `${messageOf(error)}; ${sentence}`;
  }
  await recordRefusal(desk, journal);
  desk.store.write(journal.service, from);
  if (previous && previous.id !== journal.id) desk.journal.takeOver(previous);
  else desk.journal.remove();
  return `${messageOf(error)}; traffic is where it was: ${from.weights.blue} % blue, ${from.weights.green} % green`;
}
