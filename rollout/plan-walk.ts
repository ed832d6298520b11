import {
  isMeasuring,
  otherSlot,
  type AbTestStrategy,
  type BlueGreenStrategy,
  type Gate,
  type Slot,
  type Strategy,
} from "./declaration";
import { STRATEGY_DEFAULTS } from "./defaults";
import type { DecidingTest } from "./experiment/design";
import type { Step } from "./plan-journal";
import { canaryWeights, DEFAULT_SHARE } from "./steps";
import { allTo, candidateShare, type TrafficState } from "./traffic-state";

/** Seconds for which a switch at once is watched before the old slot may be let go. */
const BLUE_GREEN_WATCH = 60;
/** Seconds for which a shadow, or a test that a person decides, is watched, unless the command says otherwise. */
export const OBSERVATION = 60;

export interface WalkOptions {
  /** Leaves the old slot its pods; the walk then ends with the promotion. @default false */
  readonly keepWarm?: boolean;
  /** Seconds for which a shadow or a test is watched. @default 60 */
  readonly observe?: number;
}

/** Seconds for which a switch at once is watched: no longer than the old slot is there to go back to. */
export const watchOf = ({
  scaleDownDelay = STRATEGY_DEFAULTS.scaleDownDelay,
}: Pick<BlueGreenStrategy, "scaleDownDelay">): number => Math.min(BLUE_GREEN_WATCH, scaleDownDelay);

/** Everything that a rollout does from `from`, where all traffic goes to the live slot, to its end. */
export function walkOf(
  strategy: Strategy,
  gates: readonly Gate[],
  from: TrafficState,
  options: WalkOptions = {},
): readonly Step[] {
  const candidate = otherSlot(from.live);
  const measured = gates.some(isMeasuring);
  const approvals = gates
    .filter(({ kind }) => kind === "approval")
    .map(({ name }): Step => ({ kind: "approval", gate: name }));
  const start: Step = {
    kind: "move",
    to: { live: from.live, weights: allTo(from.live), mirror: 0, standby: "warm", candidate },
    action: "rollout-started",
    title: `${candidate} made ready, all traffic on ${from.live}`,
  };
  switch (strategy.kind) {
    case "blueGreen": {
      const delay = strategy.scaleDownDelay ?? STRATEGY_DEFAULTS.scaleDownDelay;
      const watched = measured ? watchOf(strategy) : 0;
      return [
        start,
        ...approvals,
        promotion(candidate),
        ...(watched > 0 ? [watch(watched, `all traffic on ${candidate}`)] : []),
        ...(options.keepWarm ? [] : letGo(candidate, delay - watched)),
      ];
    }
    case "canary": {
      const interval = strategy.interval ?? STRATEGY_DEFAULTS.interval;
      return [
        start,
        ...canaryWeights(strategy).flatMap((share) => [
          split(from.live, share),
          watch(interval, `${share} % on ${candidate}`),
        ]),
        ...approvals,
        promotion(candidate),
        ...(options.keepWarm
          ? []
          : letGo(candidate, strategy.scaleDownDelay ?? STRATEGY_DEFAULTS.scaleDownDelay)),
      ];
    }
    case "shadow": {
      const percent = strategy.percent ?? STRATEGY_DEFAULTS.percent;
      return [
        start,
        {
          kind: "move",
          to: { live: from.live, weights: allTo(from.live), mirror: percent, standby: "warm" },
          action: "step",
          title: `${percent} % of requests copied to ${candidate}`,
        },
        watch(options.observe ?? OBSERVATION, `${percent} % copied to ${candidate}`),
        {
          kind: "move",
          to: { live: from.live, weights: allTo(from.live), mirror: 0, standby: "warm" },
          action: "step",
          title: `copying to ${candidate} ended`,
        },
      ];
    }
    case "abTest": {
      const share = strategy.share ?? DEFAULT_SHARE;
      const title = `${share} % of clients on ${candidate}`;
      return [
        start,
        split(from.live, share),
        ...(isDeciding(strategy)
          ? [{ kind: "experiment", test: testOf(strategy), share, title } as const]
          : [
              watch(options.observe ?? OBSERVATION, title),
              { kind: "approval", gate: "the test's decision" } as const,
            ]),
        ...approvals,
        promotion(candidate),
      ];
    }
  }
}

const isDeciding = (strategy: AbTestStrategy): strategy is AbTestStrategy & DecidingTest =>
  strategy.metric !== undefined;

/** Of the strategy what the test is about. */
function testOf({ kind: _kind, share: _share, assignment: _who, ...test }: AbTestStrategy & DecidingTest) {
  return test;
}

const watch = (seconds: number, title: string): Step => ({ kind: "watch", seconds, title });

function split(live: Slot, share: number): Step {
  return {
    kind: "move",
    to: { live, weights: candidateShare(live, share), mirror: 0, standby: "warm" },
    action: "step",
    title: `${share} % on ${otherSlot(live)}`,
  };
}

/** The candidate becomes live; the old slot keeps its pods, as the way back. */
export function promotion(candidate: Slot): Step {
  return {
    kind: "move",
    to: { live: candidate, weights: allTo(candidate), mirror: 0, standby: "warm", candidate },
    action: "promoted",
    title: `${candidate} promoted: it is live and has all traffic`,
  };
}

/** All traffic on `live`, and the other slot as it is; a way back asks no gate. */
export function retreat(
  live: Slot,
  action: "rolled-back" | "aborted",
  standby: TrafficState["standby"] = "warm",
): Step {
  return {
    kind: "move",
    to: { live, weights: allTo(live), mirror: 0, standby, candidate: "none" },
    action,
    title: `all traffic on ${live}`,
  };
}

function letGo(live: Slot, delay: number): Step[] {
  const old = otherSlot(live);
  return [
    ...(delay > 0
      ? [{ kind: "wait", seconds: delay, title: `${old} kept warm as the way back` } as const]
      : []),
    {
      kind: "move",
      to: { live, weights: allTo(live), mirror: 0, standby: "cold", candidate: live },
      action: "scaled-down",
      title: `${old} scaled down`,
    },
  ];
}

/**
 * Where a walk goes on that nobody wrote a journal of, as on another machine: behind the last step that gives the candidate no
 * more than it has.
 * @param share the candidate's share now, in percent
 */
export function resumeAt(steps: readonly Step[], candidate: Slot, share: number): number {
  if (share === 0) return 0;
  let cursor = 0;
  steps.forEach((step, i) => {
    if (step.kind !== "move" || step.action !== "step") return;
    if (step.to.weights[candidate] <= share) cursor = i + 1;
  });
  return cursor;
}
