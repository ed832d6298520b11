import type { ErrorCode } from "../errors";

/** One run of a model, whose cost its requests share. Seconds. */
export interface RunCost {
  /** Rows of models that batch, 1 of others. */
  readonly rows: number;
  /** Requests that shared the run. */
  readonly requests: number;
  /** Joining the requests' tensors and handing them to the worker. */
  readonly assembly: number;
  /** onnxruntime's part. */
  readonly compute: number;
  /** From the worker's answer to every caller having its rows. */
  readonly distribution: number;
}

/** What one model version reports; bound to its labels once, because requests are frequent. */
export interface ModelMetrics {
  /** A request was answered. Seconds from its body being there to its answer being handed to the socket. */
  succeeded(seconds: number): void;
  failed(code: ErrorCode, seconds: number): void;
  ran(cost: RunCost): void;
  /** A request left the queue. */
  queued(seconds: number): void;
  /** An answer was encoded for the wire. */
  serialised(seconds: number): void;
  /** The response cache had the answer; seconds of the look-up. */
  cacheHit(seconds: number): void;
  /** The response cache lacked it; seconds of look-up and insertion. */
  cacheMiss(seconds: number): void;
  /** What adaptive batching chose. */
  batchingChosen(maxBatchSize: number, maxQueueDelaySeconds: number): void;
  workerRestarted(): void;
  ready(value: boolean): void;
  loaded(seconds: number): void;
  /** Bytes that the version's sessions are estimated to hold. */
  memory(bytes: number): void;
  /** Read when Prometheus scrapes. */
  observe(
    counts: () => { inflight: number; pending: number; cacheBytes: number; queueCapacity?: number },
  ): void;
  /** Drops every series of the version. */
  remove(): void;
}
