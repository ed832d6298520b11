import { otherSlot, type Slot, type Weights } from "./declaration";

/**
 * Which slot is live and who gets how much: what the configuration (`slipway:traffic`) says, what the stack's outputs record and
 * what the cluster's routes show. All three have this form, so that they can be compared.
 */
export interface TrafficState {
  /** The slot that answers for the service: all traffic goes back to it. */
  readonly live: Slot;
  readonly weights: Weights;
  /** Share of requests that are copied to the other slot, in percent; only with strategy `shadow`. */
  readonly mirror: number;
  /** What the other slot does while it has no traffic: `warm` keeps its pods, `cold` has none. */
  readonly standby: "warm" | "cold";
  /**
   * The slot that requests move to, or have moved to last: the gates that run as Jobs are about it, and must have passed before it
   * gets any. `none`: requests went back, and no gate is asked. Left out, it is the other slot while that has a share, and else the
   * live one where that is not the declaration's first.
   */
  readonly candidate?: Slot | "none";
  /** Hash of the last entry of the audit record when this was written: what shows that entries were cut off the end. */
  readonly recordHead?: string;
  /** UID of the namespace `kube-system` of the cluster that holds that entry: in another cluster nothing is missing. */
  readonly recordCluster?: string;
}

/** All traffic to one slot. */
export function allTo(slot: Slot): Weights {
  return slot === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 };
}

/** So many percent to the slot that is not live. */
export function candidateShare(live: Slot, percent: number): Weights {
  const candidate = otherSlot(live);
  return { [live]: 100 - percent, [candidate]: percent } as unknown as Weights;
}

/** A stack's first state, and that of a service whose traffic nobody has moved. */
export function initialState(live: Slot): TrafficState {
  return { live, weights: allTo(live), mirror: 0, standby: "warm" };
}
