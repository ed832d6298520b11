import type { BatchVerdict } from "./batch-safety";
import { DEFAULT_MAX_BATCH_SIZE, type ModelConfig } from "./model-config-types";
import type { ServableSettings } from "./servable";

/** Part of a latency objective that requests may wait for company where nobody says how long. */
const DELAY_SHARE = 0.5;

/** Rows up to which the server is to find out whether a model's requests can be batched; undefined where that is decided already. */
export function probeRows({ batching }: ModelConfig, mode: "auto" | "off" = "auto"): number | undefined {
  return batching === undefined && mode === "auto" ? DEFAULT_MAX_BATCH_SIZE : undefined;
}

/** What follows from `model.json`, the server's options and what was found out while loading. */
export function servingSettings(
  config: ModelConfig,
  instances: number,
  providers: readonly string[],
  verdict: BatchVerdict | undefined,
): ServableSettings {
  const { batching, queue } = config;
  const configured = batching || undefined;
  const batches = configured !== undefined || verdict?.safe === true;
  const maxBatchSize = batches ? (configured?.maxBatchSize ?? DEFAULT_MAX_BATCH_SIZE) : 0;
  const priorityLevels = queue?.priorityLevels ?? 0;
  return {
    platform: "onnxruntime_onnx",
    instances,
    maxBatchSize: maxBatchSize === 1 ? 0 : maxBatchSize,
    maxQueueDelayMs: configured?.maxQueueDelayMs ?? (configured?.latencyObjectiveMs ?? 0) * DELAY_SHARE,
    preferredBatchSizes: [...(configured?.preferredBatchSizes ?? [])].sort((a, b) => a - b),
    priorityLevels,
    defaultPriorityLevel: queue?.defaultPriorityLevel ?? Math.ceil(priorityLevels / 2),
    providers,
  };
}
