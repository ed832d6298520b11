import { measuringWindow } from "../../rollout/gates/queries";
import { StepWatch, type StepStatus } from "../../rollout/gates/step-watch";
import { isMeasuring, type Strategy } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { planRollout } from "../../rollout/plan";
import { openJournal, settledState } from "../../rollout/situation";
import {
  advanced,
  currentStep,
  isFinished,
  resumed,
  stateBefore,
  withGates,
  type Journal,
  type Step,
} from "../../rollout/plan-journal";
import { resumeAt, walkOf } from "../../rollout/plan-walk";
import { SlipwayError } from "../../toolchain/errors";
import type { Task } from "../../toolchain/progress";
import { at, look, lookAndTell, type Desk } from "./desk";
import { TakenOver } from "./journal-file";
import { doMove, MoveFailed } from "./move";
import { OwnTraffic, SwitchedElsewhere } from "./own-traffic";
import { afterFailure } from "./promote";
import { newJournal } from "./retreat";
import {
  ended,
  fail,
  halt,
  inWords,
  interrupted,
  LOOK_MS,
  notLetGo,
  standStill,
  write,
  yieldTo,
  type Next,
  type WalkContext,
  type WalkEnd,
  type WalkSettings,
} from "./walk-end";
import { awaitCandidate, watchCandidate } from "./watch-candidate";
import { watchExperiment } from "./watch-experiment";

/** `rollout`: goes through a strategy's steps, from where they stand to their end. */
export async function walk(desk: Desk, settings: WalkSettings): Promise<WalkEnd> {
  const { name } = desk.rollout;
  const started = await desk.exclusively(`rollout ${name}`, () => start(desk, settings));
  if (typeof started === "string") return { result: "finished", sentence: started, gates: [] };
  let { journal } = started;
  const context: WalkContext = { ...settings, own: started.own };
  try {
    while (!isFinished(journal)) {
      if (settings.signal.aborted) return await interrupted(desk, journal, context);
      const next = await doStep(desk, journal, currentStep(journal)!, context);
      if ("result" in next) return next;
      journal = next;
    }
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    // What this walk meant is over: its journal must not lead a later command back to it.
    const isStale = error instanceof SwitchedElsewhere && error.entry !== undefined;
    if (isStale && desk.journal.read()?.id === journal.id) desk.journal.remove();
    return { result: "taken-over", sentence: error.message, gates: journal.gates };
  }
  const { situation } = await look(desk);
  const { live } = situation.configured;
  const promoted = journal.steps.some((step) => step.kind === "move" && step.action === "promoted");
  return {
    result: promoted ? "promoted" : "finished",
    sentence: promoted
      ? `${live} of \`${name}\` is live and has all traffic`
      : `the rollout of \`${name}\` is at its end; ${live} is live`,
    gates: journal.gates,
  };
}

interface Start {
  readonly journal: Journal;
  readonly own: OwnTraffic;
}

/** What to go on with; a sentence where there is nothing to do. */
async function start(desk: Desk, settings: WalkSettings): Promise<Start | string> {
  const seen = await lookAndTell(desk);
  const { situation } = seen;
  const decision = planRollout(situation);
  if (decision.kind === "refused") throw new SlipwayError(decision.why);
  if (decision.kind === "nothing") return decision.why;
  const { strategy, gates } = desk.rollout;
  if (!strategy || !gates) {
    throw new SlipwayError(`what the stack declares about \`${desk.rollout.name}\` is not known here`);
  }
  const open = openJournal(situation);
  const journal = open ? resumed(open, at(desk)) : fresh(desk, situation, strategy, settings);
  if (open) desk.progress.note(`Going on with the rollout that ${open.by} started at ${open.startedAt}.`);
  desk.journal.takeOver(journal);
  return { journal, own: new OwnTraffic(seen, settings.signal) };
}

function fresh(
  desk: Desk,
  situation: Awaited<ReturnType<typeof look>>["situation"],
  strategy: Strategy,
  settings: WalkSettings,
): Journal {
  const from = settledState(situation);
  const steps = walkOf(strategy, desk.rollout.gates ?? [], from, settings);
  const journal = newJournal(desk, situation, "rollout", settings.why, steps);
  // Begun elsewhere: nobody here wrote down how far it came, but the weights say it.
  return { ...journal, cursor: resumeAt(steps, journal.candidate, from.weights[journal.candidate]) };
}

async function doStep(desk: Desk, journal: Journal, step: Step, settings: WalkContext): Promise<Next> {
  switch (step.kind) {
    case "move":
      return move(desk, journal, step, settings);
    case "watch":
      return watch(desk, journal, step, settings);
    case "experiment":
      return watchExperiment(desk, journal, step, settings);
    case "wait":
      return wait(desk, journal, step, settings);
    case "approval":
      if (settings.approve) return write(desk, advanced(journal, at(desk)));
      return halt(desk, journal, {
        reason: "approval",
        why: `\`${step.gate}\` needs a person's word: \`slipway promote ${journal.service}\` gives it, \`slipway abort ${journal.service}\` ends the rollout`,
      });
  }
}

/** Nothing is asked of a slot that keeps what it has, or gets less. */
function givesMore(journal: Journal, { to }: Extract<Step, { kind: "move" }>): boolean {
  const { candidate } = journal;
  const { weights, mirror } = stateBefore(journal);
  return to.weights[candidate] > weights[candidate] || to.mirror > mirror;
}

async function move(
  desk: Desk,
  journal: Journal,
  step: Extract<Step, { kind: "move" }>,
  settings: WalkContext,
): Promise<Next> {
  const { service } = journal;
  const { own } = settings;
  if (givesMore(journal, step)) {
    const obstacle = await awaitCandidate(desk, journal, settings);
    if (settings.signal.aborted) return interrupted(desk, journal, settings);
    if (obstacle?.isDown) return fail(desk, journal, settings, obstacle.why);
    if (obstacle) return standStill(desk, journal, obstacle.why);
  }
  let isUpdated = false;
  try {
    return await doMove(desk, journal, {
      onRecorded: (head) => own.recorded(head),
      guard: async (when) => {
        isUpdated = when === "after";
        if (isUpdated) await own.assertUnswitched(desk);
        else await own.look(desk, journal);
      },
    });
  } catch (error) {
    if (error instanceof SwitchedElsewhere && isUpdated) {
      desk.journal.assertMine(journal.id);
      return yieldTo(desk, journal, error);
    }
    if (!(error instanceof MoveFailed)) throw error;
    // A `rollback` of this machine waits for its turn: it brings everything back by itself.
    desk.journal.assertMine(journal.id);
    const other = await own.switchedElsewhere(desk);
    if (other) return yieldTo(desk, journal, other);
    if (step.action === "scaled-down") return notLetGo(desk, journal, step, settings, error);
    if (settings.signal.aborted) return interrupted(desk, journal, settings);
    const before = { ...journal.origin, standby: "warm" } as const;
    const { situation } = await look(desk);
    const isAtStart = situation.routes.every(({ weights }) => weights[before.live] === 100);
    if (!isAtStart) return fail(desk, journal, settings, error.message);
    const sentence = await desk.exclusively(`rollout ${service}`, () => {
      desk.journal.assertMine(journal.id);
      return afterFailure(desk, journal, error);
    });
    return { result: "failed", sentence, gates: journal.gates };
  }
}

async function watch(
  desk: Desk,
  journal: Journal,
  step: Extract<Step, { kind: "watch" }>,
  settings: WalkContext,
): Promise<Next> {
  const { clock } = desk;
  const since = Date.parse(journal.since);
  const task = desk.progress.start(`${journal.service}: ${step.title}`);
  const steps = new StepWatch((desk.rollout.gates ?? []).filter(isMeasuring), step.seconds, since);
  return watchCandidate(desk, journal, task, settings, {
    measure: async (now) => {
      const due = steps.takeDue(clock.now());
      if (due.length === 0) return now;
      for (const outcome of await settings.measure(due, now)) steps.record(outcome, clock.now());
      return write(desk, withGates(now, steps.latest));
    },
    judge: async (now) => {
      const status = steps.status(clock.now());
      if (status.state !== "watching") return judged(desk, now, settings, status, steps.latest, task);
      const over = `${Math.round((clock.now() - since) / 1000)} of ${step.seconds} s`;
      return { text: [over, inWords(steps.latest)].filter(Boolean).join("; "), nextAt: status.nextAt };
    },
  });
}

/** What follows from a step that has been watched to its end. */
async function judged(
  desk: Desk,
  journal: Journal,
  settings: WalkContext,
  status: Exclude<StepStatus, { state: "watching" }>,
  outcomes: readonly GateOutcome[],
  task: Task,
): Promise<Next> {
  if (status.state === "passed") {
    task.done(inWords(outcomes));
    return write(desk, advanced(journal, at(desk)));
  }
  if (status.state === "failed")
    return ended(task, await fail(desk, journal, settings, status.reason, outcomes));
  const { service } = journal;
  const why = `${status.reason}; traffic stays where it is: \`slipway rollout ${service}\` measures again, \`slipway rollback ${service}\` goes back`;
  return ended(task, halt(desk, journal, { reason: "inconclusive", why }));
}

async function wait(
  desk: Desk,
  journal: Journal,
  step: Extract<Step, { kind: "wait" }>,
  settings: WalkContext,
): Promise<Next> {
  const until = Date.parse(journal.since) + step.seconds * 1000;
  const task = desk.progress.start(`${journal.service}: ${step.title}`);
  while (desk.clock.now() < until) {
    if (settings.signal.aborted) return ended(task, await interrupted(desk, journal, settings));
    desk.journal.assertMine(journal.id);
    // Nothing is decided here: what cannot be seen now is seen before the next move.
    await settings.own.lookIfPossible(desk, journal);
    task.update(`${Math.ceil((until - desk.clock.now()) / 1000)} s left`);
    await desk.clock.sleep(Math.min(LOOK_MS, until - desk.clock.now()), settings.signal);
  }
  task.done();
  return write(desk, advanced(journal, at(desk)));
}

/** Seconds that a measurement of the current step looks back. */
export function windowOf(journal: Journal): number {
  const step = currentStep(journal);
  return measuringWindow(step?.kind === "watch" ? step.seconds : 0);
}
