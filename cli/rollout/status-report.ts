import { otherSlot, SLOTS, type Slot, type Strategy } from "../../rollout/declaration";
import { EXPERIMENT_GATE } from "../../rollout/experiment/progress";
import type { GateOutcome } from "../../rollout/outcome";
import { differences, openJournal, outdatedConfiguration, settledState } from "../../rollout/situation";
import { currentStep, type Journal } from "../../rollout/plan-journal";
import type { TrafficState } from "../../rollout/traffic-state";
import { experimentStatus, type ExperimentStatus } from "./experiment-status";
import { asTheyRun, foreignContent, type KnownRollout } from "./known-rollout";
import type { CanaryStatus, Observation } from "./observe";

export interface SlotStatus {
  /** Image digest, as the slot's Deployment names it; empty where the slot is empty or it is not known. */
  readonly digest: string;
  /** Percent of requests, as the cluster's routes have it. */
  readonly weight: number;
  readonly ready: boolean;
  readonly models: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
  /** What is so, in words. */
  readonly detail: string;
}

/** What a command was cut off in, or stands still at. */
export interface InProgress {
  readonly command: Journal["command"];
  readonly by: string;
  readonly startedAt: string;
  readonly candidate: Slot;
  /** From 1 on. */
  readonly step: number;
  readonly steps: number;
  readonly doing: string;
  readonly halted: string | null;
  readonly gates: readonly GateOutcome[];
  /** Where an A/B test stands that decides by a metric; null where there is none. */
  readonly experiment: ExperimentStatus | null;
}

export interface ServiceStatus {
  readonly name: string;
  readonly namespace: string;
  readonly strategy: Strategy["kind"] | "unknown";
  readonly driver: "pulumi" | "flagger";
  readonly live: Slot;
  readonly slots: Readonly<Record<Slot, SlotStatus>>;
  /** Percent of requests that the other slot gets a copy of. */
  readonly mirror: number;
  readonly standby: TrafficState["standby"];
  readonly inProgress: InProgress | null;
  /** One sentence for each thing that is not as it was decided. */
  readonly drift: readonly string[];
  readonly recordHead: string;
  /** What Flagger says of its Canary; null where the weights are not Flagger's. */
  readonly flagger: CanaryStatus | null;
}

/** What `status` says about one service: weights and readiness are the cluster's. */
export function reportOf(
  rollout: KnownRollout,
  { situation, recordHead, recordProblems, canary }: Observation,
): ServiceStatus {
  const state = settledState(situation);
  const [first] = situation.routes;
  const { slots } = asTheyRun(rollout, situation.slots);
  const slot = (name: Slot): SlotStatus => ({
    digest: slots[name]?.digest ?? "",
    weight: first?.weights[name] ?? 0,
    ready: situation.slots[name].ready,
    models: slots[name]?.models ?? [],
    detail: situation.slots[name].detail,
  });
  const journal = openJournal(situation);
  return {
    name: rollout.name,
    namespace: rollout.namespace,
    strategy: rollout.strategy?.kind ?? "unknown",
    driver: rollout.driver,
    live: liveNow(situation, state.live),
    slots: { blue: slot("blue"), green: slot("green") },
    mirror: Math.max(0, ...situation.routes.map(({ mirror }) => mirror)),
    standby: situation.slots[otherSlot(state.live)].cold ? "cold" : "warm",
    inProgress: journal ? progressOf(journal) : null,
    drift: [...driftOf(rollout, situation), ...recordProblems.map((problem) => `the record: ${problem}`)],
    recordHead,
    flagger: canary ?? null,
  };
}

/**
 * While a promotion or a way back is being recorded the routes have moved already: then the slot that the command makes live is
 * live. With Flagger, whose primary is blue, blue always is.
 */
function liveNow(situation: Observation["situation"], settled: Slot): Slot {
  if (situation.driver === "flagger") return "blue";
  const journal = openJournal(situation);
  const step = journal && currentStep(journal);
  if (step?.kind !== "move" || step.to.live === settled) return settled;
  const moved =
    situation.routes.length > 0 && situation.routes.every(({ weights }) => weights[step.to.live] === 100);
  return moved ? step.to.live : settled;
}

function progressOf(journal: Journal): InProgress {
  const step = currentStep(journal);
  const doing = step?.kind === "approval" ? `waits for \`${step.gate}\`` : (step?.title ?? "at its end");
  const { command, by, startedAt, candidate, cursor, steps, halt, gates, experiment } = journal;
  return {
    command,
    by,
    startedAt,
    candidate,
    step: cursor + 1,
    steps: steps.length,
    doing,
    halted: halt?.why ?? null,
    // The test's own outcome is for the record; here it stands by itself.
    gates: gates.filter(({ gate }) => gate !== EXPERIMENT_GATE),
    experiment: experiment ? experimentStatus(experiment) : null,
  };
}

function driftOf(rollout: KnownRollout, situation: Observation["situation"]): readonly string[] {
  const { routes, configured, driver, service } = situation;
  if (routes.length === 0) return [`the cluster has no routes of \`${service}\``];
  // Flagger moves weights by itself: that is no drift.
  if (driver === "flagger") return [];
  const outdated = outdatedConfiguration(situation);
  const sentences = [...(outdated ? [outdated] : []), ...differences(situation)];
  const recorded = rollout.traffic;
  if (recorded && !outdated && !openJournal(situation)) {
    const isSame =
      recorded.live === configured.live &&
      SLOTS.every((slot) => recorded.weights[slot] === configured.weights[slot]);
    if (!isSame) {
      sentences.push(
        `the configuration has ${configured.live} live with ${configured.weights[configured.live]} %; the stack's last update recorded ${recorded.live} with ${recorded.weights[recorded.live]} %`,
      );
    }
  }
  sentences.push(...foreignContent(rollout, situation.slots));
  const state = outdated ? settledState(situation) : configured;
  const other = otherSlot(state.live);
  for (const slot of SLOTS) {
    const { filled, ready, detail } = situation.slots[slot];
    const hasTraffic = routes.some(({ weights }) => weights[slot] > 0);
    if (hasTraffic && !(filled && ready))
      sentences.push(`slot ${slot} has traffic and is not ready: ${detail}`);
  }
  if (state.standby === "warm" && situation.slots[other].filled && situation.slots[other].cold) {
    sentences.push(`slot ${other} is to be kept warm and has no pods`);
  }
  return sentences;
}
