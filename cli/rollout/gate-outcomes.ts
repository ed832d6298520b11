import { isJobLike } from "../../rollout/declaration";
import { GATE_LABEL, podOutcomes, type GatePod } from "../../rollout/gates/job-outcome";
import type { GateOutcome } from "../../rollout/outcome";
import { messageOf } from "../../toolchain/errors";
import type { Desk } from "./desk";
import { ROLLOUT_LABEL } from "./kubernetes";

/** The clocks of this machine and of the cluster may differ by so many milliseconds. */
const CLOCKS_MS = 60_000;

/**
 * What the gates said that ran as Jobs of the last update, in the order in which they are declared. A switch does not fail because they
 * cannot be read: the update itself waited for them.
 * @param since RFC 3339: leaves out what was said before
 */
export async function jobGateOutcomes(
  { rollout, cluster, progress }: Desk,
  since?: string,
): Promise<readonly GateOutcome[]> {
  const names = (rollout.gates ?? []).filter(isJobLike).map(({ name }) => name);
  if (names.length === 0) return [];
  try {
    const selector = `${ROLLOUT_LABEL}=${rollout.name},${GATE_LABEL}`;
    const pods = await cluster.list("Pod", rollout.namespace, selector);
    const from = since === undefined ? -Infinity : Date.parse(since) - CLOCKS_MS;
    const recent = (pods as readonly GatePod[]).filter(
      ({ metadata }) => !(new Date(metadata?.creationTimestamp ?? NaN).getTime() < from),
    );
    const outcomes = podOutcomes(recent);
    return names.flatMap((name) => outcomes.find(({ gate }) => gate === name) ?? []);
  } catch (error) {
    progress.note(`What the gates' Jobs said is not in the record: ${messageOf(error)}.`);
    return [];
  }
}
