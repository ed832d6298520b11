import type { Slot } from "../../rollout/declaration";

const ROLLOUT_LABEL = "slipway.dev/rollout";
const SLOT_LABEL = "slipway.dev/slot";

/** What of a Rollout a service is. */
export interface SlotOf {
  /** Name of the Rollout. */
  readonly rollout: string;
  readonly slot: Slot;
  /** `weighted`: sends answers, so it must be ready first; `idle`: has pods, but no share of the traffic; `cold`: has no pods. */
  readonly traffic: "weighted" | "idle" | "cold";
}

/** Labels of every object of a rollout, besides those of a service. */
export function rolloutLabels(rollout: string): Record<string, string> {
  return { [ROLLOUT_LABEL]: rollout };
}

/** Labels of the objects and pods of one of its slots. */
export function slotLabels({ rollout, slot }: Pick<SlotOf, "rollout" | "slot">): Record<string, string> {
  return { ...rolloutLabels(rollout), [SLOT_LABEL]: slot };
}

/** Name of a slot's Service, Deployment and every other object of the name. */
export function slotService(rollout: string, slot: Slot): string {
  return `${rollout}-${slot}`;
}
