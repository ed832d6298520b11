import type { Decision } from "../../rollout/experiment/decision";
import { progressSentence, type ExperimentProgress } from "../../rollout/experiment/progress";

/** Where an A/B test stands. */
export interface ExperimentStatus {
  readonly metric: ExperimentProgress["design"]["metric"]["kind"];
  readonly startedAt: string;
  /** Users of each arm at the last look, requests where the metric counts those; the arm's mean, and null before the first. */
  readonly arms: Readonly<
    Record<"live" | "candidate", { readonly users: number; readonly mean: number | null }>
  >;
  /** Of each arm, before the first look at the difference. */
  readonly minimumUsers: number;
  /** Of both arms, at which it ends. */
  readonly maximumUsers: number;
  readonly endsAt: string;
  /** How much better the candidate is; null before the first look. */
  readonly gain: number | null;
  /** Interval of the gain, valid at any time; null where there is none, as of a bandit. */
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
  /** Of a bandit: probability that the candidate is the better one. */
  readonly candidateBest: number | null;
  readonly decision: Decision | null;
  /** What is known, and while it goes on what the decision waits for. */
  readonly sentence: string;
}

export function experimentStatus(progress: ExperimentProgress): ExperimentStatus {
  const { design, startedAt, state, arms, candidateBest } = progress;
  const { rules, bandit } = design;
  const look = bandit === undefined ? state.look : null;
  const arm = (which: "live" | "candidate") => ({
    users: arms?.[which].count ?? 0,
    mean: arms?.[which].mean ?? null,
  });
  return {
    metric: design.metric.kind,
    startedAt,
    arms: { live: arm("live"), candidate: arm("candidate") },
    minimumUsers: rules.minimumPerArm ?? 0,
    maximumUsers: rules.maximumUsers,
    endsAt: new Date(Date.parse(startedAt) + design.maxDuration * 1000).toISOString(),
    gain: state.look?.estimate ?? null,
    low: finite(look?.low),
    high: finite(look?.high),
    pValue: look?.pValue ?? null,
    candidateBest: candidateBest ?? null,
    decision: state.decision,
    sentence: progressSentence(progress),
  };
}

/** JSON has no infinity. */
const finite = (value: number | null | undefined): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
