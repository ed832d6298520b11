import { isMeasuring, type MeasuringGate } from "../../rollout/declaration";
import { designOf } from "../../rollout/experiment/design";
import {
  beginExperiment,
  experimentOutcome,
  MOST_SILENT_LOOKS,
  progressSentence,
  wantedWeights,
  withLook,
  type ExperimentProgress,
} from "../../rollout/experiment/progress";
import type { ArmReader } from "../../rollout/experiment/arm-reading";
import { StepWatch } from "../../rollout/gates/step-watch";
import type { GateOutcome } from "../../rollout/outcome";
import {
  advanced,
  stateBefore,
  withGates,
  withStepBefore,
  type Journal,
  type Step,
} from "../../rollout/plan-journal";
import type { Task } from "../../toolchain/progress";
import { at, type Desk } from "./desk";
import { watchCandidate } from "./watch-candidate";
import { ended, fail, halt, write, type Next, type WalkEnd, type WalkContext } from "./walk-end";

/** Seconds in which a gate's limits are counted: over the whole of a test each would be reached some day. */
const ROUND = 600;

const NOBODY: ArmReader = { read: async () => ({ nothing: "nobody counts the users of both slots" }) };

/** Looks at both arms until the test decides; meanwhile the gates that measure are asked, as in any step. */
export async function watchExperiment(
  desk: Desk,
  given: Journal,
  step: Extract<Step, { kind: "experiment" }>,
  settings: WalkContext,
): Promise<Next> {
  const { clock } = desk;
  const journal = write(desk, begun(given, step, at(desk)));
  const task = desk.progress.start(`${journal.service}: ${step.title}`);
  const gates = (desk.rollout.gates ?? []).filter(isMeasuring);
  let round = new StepWatch(gates, ROUND, clock.now());
  let outcomes: readonly GateOutcome[] = [];
  let lookAt = clock.now();
  return watchCandidate(desk, journal, task, settings, {
    measure: async (now) => {
      const due = round.takeDue(clock.now());
      for (const outcome of due.length > 0 ? await settings.measure(due, now) : [])
        round.record(outcome, clock.now());
      outcomes = [...round.latest, ...outcomes.filter(({ gate }) => !isAmong(gate, round.latest))];
      const isDue = clock.now() >= lookAt;
      if (!isDue && due.length === 0) return now;
      let experiment = now.experiment!;
      if (isDue) {
        lookAt = clock.now() + experiment.design.interval * 1000;
        experiment = await looked(settings.arms ?? NOBODY, experiment, desk);
      }
      return write(desk, withGates({ ...now, experiment }, [...outcomes, experimentOutcome(experiment)]));
    },
    judge: async (now) => {
      const status = round.status(clock.now());
      if (status.state === "failed") return ended(task, await fail(desk, now, settings, status.reason));
      if (status.state === "inconclusive") return ended(task, undecided(desk, now, status.reason));
      if (status.state === "passed") round = new StepWatch(gates.map(atOnce), ROUND, clock.now());
      const nextGate = status.state === "watching" ? status.nextAt : clock.now();
      return (
        (await concluded(desk, now, task, settings)) ?? {
          text: progressSentence(now.experiment!),
          nextAt: Math.min(nextGate, lookAt),
        }
      );
    },
  });
}

const isAmong = (name: string, outcomes: readonly GateOutcome[]) =>
  outcomes.some(({ gate }) => gate === name);
const atOnce = (gate: MeasuringGate): MeasuringGate => ({ ...gate, initialDelay: 0 });

/** A test that was cut off goes on with what it had seen; what kept it from looking may be mended. */
function begun(journal: Journal, step: Extract<Step, { kind: "experiment" }>, now: string): Journal {
  const experiment = journal.experiment ?? beginExperiment(designOf(step.test, step.share), now);
  return { ...journal, experiment: { ...experiment, silentLooks: 0, mismatch: undefined } };
}

async function looked(
  reader: ArmReader,
  progress: ExperimentProgress,
  desk: Desk,
): Promise<ExperimentProgress> {
  const { design, startedAt } = progress;
  const [since, now] = [Date.parse(startedAt), desk.clock.now()];
  const [metric, ...harm] = await Promise.all([
    reader.read(design.metric, undefined, since, now),
    ...design.harm.map(({ name, metric: guarded }) => reader.read(guarded, name, since, now)),
  ]);
  const byName = Object.fromEntries(design.harm.map(({ name }, i) => [name, harm[i]!]));
  return withLook(progress, { metric: metric!, harm: byName }, at(desk));
}

/** What follows from what is known; undefined while the test goes on. */
async function concluded(
  desk: Desk,
  journal: Journal,
  task: Task,
  settings: WalkContext,
): Promise<Next | undefined> {
  const experiment = journal.experiment!;
  const { state, mismatch, silent, silentLooks } = experiment;
  const sentence = progressSentence(experiment);
  if (state.decision === "superior") {
    task.done(sentence);
    return write(desk, advanced(journal, at(desk)));
  }
  if (state.decision !== null)
    return ended(task, await fail(desk, journal, settings, `the A/B test: ${sentence}`));
  if (mismatch !== undefined) return ended(task, undecided(desk, journal, mismatch));
  if (silentLooks >= MOST_SILENT_LOOKS)
    return ended(task, undecided(desk, journal, `${silent} (${silentLooks} looks in a row)`));
  const weights = wantedWeights(experiment, journal.candidate, stateBefore(journal).weights, at(desk));
  if (weights === undefined) return undefined;
  const share = weights[journal.candidate];
  task.done(sentence);
  const to = { live: journal.origin.live, weights, mirror: 0, standby: "warm" } as const;
  const step: Step = { kind: "move", to, action: "step", title: `${share} % on ${journal.candidate}` };
  const balanced = { ...experiment, balancedAt: at(desk) };
  return write(desk, { ...withStepBefore(journal, step), since: at(desk), experiment: balanced });
}

function undecided(desk: Desk, journal: Journal, why: string): WalkEnd {
  const { service } = journal;
  return halt(desk, journal, {
    reason: "inconclusive",
    why: `${why}; traffic stays where it is: \`slipway rollout ${service}\` looks again, \`slipway abort ${service}\` ends the test`,
  });
}
