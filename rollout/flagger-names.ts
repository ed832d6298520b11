import type { Slot } from "./declaration";
import type { PublishedSlot } from "./published";

/** Names of what Flagger makes of a target of the rollout's name: blue is the primary, green the canary. */
export const primaryOf = (rollout: string): string => `${rollout}-primary`;
export const canaryOf = (rollout: string): string => `${rollout}-canary`;

/** Where a slot is found: the canary's pods are those of the target itself. */
export function flaggerSlot(
  rollout: string,
  slot: Slot,
): Required<Pick<PublishedSlot, "service" | "deployment">> {
  return slot === "blue"
    ? { service: primaryOf(rollout), deployment: primaryOf(rollout) }
    : { service: canaryOf(rollout), deployment: rollout };
}
