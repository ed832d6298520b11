import { setImmediate as turn } from "node:timers/promises";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../runtime/dataplane/tensor";
import { ServerError } from "../../../runtime/errors";
import type { ModelMetrics } from "../../../runtime/metrics/model-metrics";
import type { ModelConfig } from "../../../runtime/models/model-config";
import type { LoadRequest } from "../../../runtime/models/registry-types";
import type { Servable, ServableSettings } from "../../../runtime/models/servable";

const tensor = (name: string) => ({ name, datatype: "FP32" as const, shape: [-1] });

export const FAKE_SETTINGS: ServableSettings = {
  platform: "onnxruntime_onnx",
  instances: 1,
  maxBatchSize: 0,
  maxQueueDelayMs: 0,
  preferredBatchSizes: [],
  priorityLevels: 0,
  defaultPriorityLevel: 0,
  providers: ["cpu"],
};

/** Stands in for a session: answers after so many turns of the event loop, and refuses once it is retired. */
export class FakeServable implements Servable {
  readonly name: string;
  readonly version: string;
  readonly config: ModelConfig;
  readonly metrics: ModelMetrics;
  readonly spec = { inputs: [tensor("x")], outputs: [tensor("y")] };
  readonly settings: ServableSettings = FAKE_SETTINGS;
  unavailable: string | undefined;
  memoryBytes = 0;
  busyCount = 0;
  lastUsed = 0;
  holders?: number;
  released?: () => void;
  retired = false;
  closed = false;
  answeredCount = 0;
  private idle: (() => void) | undefined;

  constructor(
    request: LoadRequest,
    /** Which load it came from, across all. */
    readonly generation: number,
    private readonly turns = 1,
  ) {
    this.name = request.name;
    this.version = request.version;
    this.config = request.config;
    this.metrics = request.metrics;
  }

  async infer(_request: InferRequest): Promise<Tensor[]> {
    if (this.retired || this.closed)
      throw new ServerError("ModelNotReady", `${this.version} takes nothing more`);
    this.busyCount++;
    for (let i = 0; i < this.turns; i++) await turn();
    this.busyCount--;
    if (this.closed) throw new ServerError("Draining", `${this.version} was closed`);
    this.answeredCount++;
    if (this.busyCount === 0) this.idle?.();
    return [];
  }

  async retire(): Promise<void> {
    this.retired = true;
    if (this.busyCount > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.close();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.metrics.remove();
  }
}
