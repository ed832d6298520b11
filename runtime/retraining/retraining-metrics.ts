import { Registry } from "prom-client";
import { RETRAINING_METRIC } from "../contract";
import { registerCollected, type Sample } from "../metrics/collected";
import type { MetricInfo } from "../metrics/metric-table";
import type { RetrainingTrigger } from "./retraining-trigger";

/** The metrics of the retraining trigger, once; the reference follows from it. */
export const RETRAINING_METRICS = {
  webhooks: {
    type: "counter",
    labels: ["outcome"],
    doc: "alerts that were to trigger retraining: `delivered`, the target has taken them; `duplicate`, the alert or its model had triggered it already; `failed`, the target did not take them",
  },
  pending: { type: "gauge", labels: [], doc: "alerts that are still to be delivered" },
} as const satisfies Record<keyof typeof RETRAINING_METRIC, MetricInfo>;

export function retrainingRegistry(trigger: RetrainingTrigger): Registry {
  const registry = new Registry();
  const register = (key: keyof typeof RETRAINING_METRICS, collect: () => Iterable<Sample>) => {
    const { type, doc } = RETRAINING_METRICS[key];
    registerCollected(registry, { name: RETRAINING_METRIC[key], type, doc }, collect);
  };
  register("webhooks", () =>
    Object.entries(trigger.outcomes).map(([outcome, value]) => ({ value, labels: { outcome } })),
  );
  register("pending", () => [{ value: trigger.pending, labels: {} }]);
  return registry;
}
