import type { Logger } from "pino";
import { systemClock } from "../batching/clock";
import { MAX_METRIC_MODELS } from "../metrics/metric-table";
import type { Metrics } from "../metrics/metrics";
import type { FeedbackConfig } from "../models/model-config-types";
import type { ModelRegistry } from "../models/registry";
import { Feedback } from "./feedback";
import { registerFeedbackMetrics } from "./feedback-metrics";

/** Feedback on the models of a registry, with its metrics. */
export function createFeedback(
  registry: ModelRegistry,
  { registry: metrics }: Metrics,
  { maxMetricModels: maxVersions = MAX_METRIC_MODELS }: { readonly maxMetricModels?: number },
  log: Logger,
): Feedback {
  const feedback = new Feedback({ configOf: (model) => configOf(registry, model), log, clock: systemClock });
  registerFeedbackMetrics(metrics, {
    models: () => feedback.models(),
    now: () => feedback.now,
    maxVersions,
  });
  return feedback;
}

function configOf(registry: Pick<ModelRegistry, "configOf">, model: string): FeedbackConfig | undefined {
  try {
    return registry.configOf(model).feedback;
  } catch {
    // It is gone.
    return undefined;
  }
}
