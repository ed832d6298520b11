import type { SlotCondition } from "../../rollout/situation";

/**
 * Pods that are missing of a slot that answers, from one look to the next: one that is evicted or starts anew, and those that an
 * autoscaler has just asked for, fetch and load their models first.
 */
export class MissingPods {
  private since: number | undefined;

  /** @returns whether they have been missing for longer than their Deployment gives a pod */
  areLate({ ready, patienceMs }: Pick<SlotCondition, "ready" | "patienceMs">, now: number): boolean {
    this.since = ready ? undefined : (this.since ?? now);
    return this.since !== undefined && now - this.since >= patienceMs;
  }
}
