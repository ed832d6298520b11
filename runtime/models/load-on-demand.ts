/** Parts that only some models need: until one does, what they are made with is not loaded, as it costs time and memory. */
import type { ModelMetrics } from "../metrics/model-metrics";
import type { InlineLane, InlineModel } from "./inline-lane";
import type { ExecutionConfig } from "./model-config-types";
import type { ResponseCache } from "./response-cache";

/** Loads onnxruntime on the main thread. */
export function openLane(model: InlineModel, file: string, execution?: ExecutionConfig): Promise<InlineLane> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { InlineLane: Lane } = require("./inline-lane") as typeof import("./inline-lane");
  return Lane.open(model, file, execution);
}

/** Loads the cache's library. */
export function openCache(maxBytes: number, metrics: ModelMetrics): ResponseCache {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { ResponseCache: Cache } = require("./response-cache") as typeof import("./response-cache");
  return new Cache(maxBytes, metrics);
}
