import type { GateOutcome } from "../../rollout/outcome";
import { SlipwayError } from "../../toolchain/errors";
import { lateProgress, remindOfFile, type SwitchOptions } from "./command-options";
import type { Desk } from "./desk";
import { noteInterruption } from "./interruption";
import { openProfile, rolloutNamed, type OpenProfile } from "./open-desk";
import type { Outcome } from "./retreat";

/** Runs a command that switches a service's traffic, and says what came of it. */
export async function runSwitch(
  service: string,
  options: SwitchOptions & { prometheus?: string },
  needs: "outputs" | "objects",
  work: (desk: Desk, open: OpenProfile) => Promise<Outcome>,
): Promise<void> {
  const progress = lateProgress();
  const open = await openProfile(options, needs, progress);
  // Half a switch helps nobody: it is a matter of seconds.
  const { release } = noteInterruption((line) => progress.note(line));
  try {
    const desk = open.desk(rolloutNamed(open, service));
    const outcome = await work(desk, open);
    if (outcome.kind === "done") remindOfFile(open.store.sharedFile, progress);
    await sayOutcome(open, desk, outcome, options);
  } finally {
    release();
    open.cluster.close();
  }
}

export async function sayOutcome(
  open: OpenProfile,
  desk: Desk,
  outcome: {
    readonly sentence: string;
    readonly result?: string;
    readonly kind?: string;
    readonly gates?: readonly GateOutcome[];
  },
  { json }: { json?: boolean },
): Promise<void> {
  if (!json) {
    const { sentence } = outcome;
    console.log(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
    return;
  }
  const { statusOf } = require("./show-status") as typeof import("./show-status");
  const services = await statusOf(open, [desk.rollout]);
  const { result = outcome.kind, sentence, gates } = outcome;
  console.log(JSON.stringify({ services, result, sentence, ...(gates && { gates }) }, null, 2));
}

/** For commander: a reason that a person wrote. */
export function reasonOf(given: string | undefined, otherwise: string): string {
  if (given === undefined) return otherwise;
  if (given.trim() === "") throw new SlipwayError("`--reason` must say something", 64);
  return given.trim();
}
