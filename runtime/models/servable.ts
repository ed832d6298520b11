import type { InferRequest } from "../dataplane/infer-request";
import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import type { DriftMonitor } from "../drift/monitor/drift-monitor";
import type { ModelMetrics } from "../metrics/model-metrics";
import type { ModelConfig } from "./model-config";

/** What was decided about a loaded model version, whether configured or derived. */
export interface ServableSettings {
  /** Triton's name of what runs it; clients and dashboards know it. */
  readonly platform: "onnxruntime_onnx" | "ensemble";
  readonly instances: number;
  /** Rows per run; 0 where requests are not batched, as Triton writes it. */
  readonly maxBatchSize: number;
  readonly maxQueueDelayMs: number;
  readonly preferredBatchSizes: readonly number[];
  /** Levels of priority; 0 where there is one queue for all. */
  readonly priorityLevels: number;
  readonly defaultPriorityLevel: number;
  /** Execution providers in the order of preference, those that were really taken. */
  readonly providers: readonly string[];
}

/** A model version that can be asked: a session with its queue, or a pipeline of other models. */
export interface Servable {
  readonly name: string;
  readonly version: string;
  readonly spec: ModelSpec;
  readonly config: ModelConfig;
  readonly settings: ServableSettings;
  readonly metrics: ModelMetrics;
  /** Why it cannot serve at present; undefined while it can. */
  readonly unavailable: string | undefined;
  /** Bytes that its sessions are estimated to hold. */
  readonly memoryBytes: number;
  /** Requests that were taken and are not answered yet. */
  readonly busyCount: number;
  /** `performance.now()` of the last request. */
  readonly lastUsed: number;
  /** Callers that hold it, see `registry-lease.ts`. */
  holders?: number;
  /** Called when the last of them has let go. */
  released?: () => void;
  /** Compares what it is given and answers with its baseline, where it has one; ends with it. */
  drift?: DriftMonitor;
  /** Runs one request. Rejects with ServerError. */
  infer(request: InferRequest): Promise<Tensor[]>;
  /**
   * Runs inputs wherever requests may run, once at each place; past its queue, cache and counts, for they are nobody's request.
   * Left out where it has no place of its own. Rejects with ServerError.
   */
  warm?(inputs: () => readonly Tensor[]): Promise<void>;
  /** Takes nothing more, answers what it took, then ends its workers. */
  retire(): Promise<void>;
  /** Ends its workers; what waits or runs fails. */
  close(): Promise<void>;
}
