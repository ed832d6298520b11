import type { PropertyDelta } from "../property-diff";
import { amount, cost, harmless, interruption } from "./rule";
import type { Effect } from "./rule";

/** A number of pods that stands in the object itself. */
export function replicas({ before, after }: PropertyDelta): Effect {
  if (after === undefined) return harmless("an autoscaler sets the number of pods, or it is 1");
  const [old, next] = [amount(before ?? 1), amount(after)];
  if (next === 0) return interruption("no pod is left");
  if (old === undefined || next === undefined || next >= old) return cost("more pods");
  return harmless("fewer pods");
}

/** One that stands in a chart's values: where it is left out, the chart has a number of its own. */
export function chartReplicas({ before, after }: PropertyDelta): Effect {
  const [old, next] = [amount(before), amount(after)];
  if (next === 0) return interruption("no pod is left");
  if (old === undefined || next === undefined) return cost("another number of pods");
  return next < old ? harmless("fewer pods") : cost("more pods");
}
