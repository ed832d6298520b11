import type { Logger } from "pino";
import { DynamicBatcher, type BatchItem } from "../batching/dynamic-batcher";
import { chooseOutputs, orderInputs } from "../dataplane/check-request";
import { modelSpec, requireBatchDimension, type ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import { cancelled, invalid, ServerError } from "../errors";
import { messageOf } from "../message-of";
import type { ModelMetrics } from "../metrics/metrics";
import { batchColumns, distributeRows } from "./batch-tensors";
import { InstancePool } from "./instance-pool";
import type { BatchingConfig } from "./model-config";
import { LoadFailure, RunFailure, type SpawnWorker } from "./worker-instance";

export interface ServedModelOptions {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256?: string;
  readonly instances: number;
  readonly intraOpThreads: number;
  readonly batching?: BatchingConfig;
  readonly maxQueueSize: number;
  readonly metrics: ModelMetrics;
  readonly log: Logger;
  readonly spawn?: SpawnWorker;
}

/** One inference as the transports hand it in. */
export interface InferRequest {
  readonly inputs: readonly Tensor[];
  /** Outputs by name; all when left out. */
  readonly outputs?: readonly string[];
  /** Set by the transport when its client has gone. */
  cancelled?: boolean;
}

/** A request in the queue. */
class PendingRun implements BatchItem {
  enqueuedAt = 0;

  constructor(
    readonly request: InferRequest,
    readonly inputs: readonly Tensor[],
    readonly fetch: readonly string[],
    readonly rows: number,
    public key: string,
    readonly resolve: (outputs: Tensor[]) => void,
    readonly reject: (error: unknown) => void,
  ) {}

  get cancelled(): boolean {
    return this.request.cancelled === true;
  }
}

let soloCount = 0;

/** A loaded model version: checks requests, queues them, runs them on its workers. */
export class ServedModel {
  /** Why the model cannot serve at present; undefined while it can. */
  unavailable: string | undefined;
  private readonly batcher: DynamicBatcher<PendingRun>;

  private constructor(
    private readonly options: ServedModelOptions,
    private readonly pool: InstancePool,
    readonly spec: ModelSpec,
  ) {
    this.batcher = new DynamicBatcher<PendingRun>(
      {
        maxBatchSize: options.batching?.maxBatchSize ?? 1,
        maxQueueDelayMs: options.batching?.maxQueueDelayMs ?? 0,
        maxQueueSize: options.maxQueueSize,
      },
      {
        freeSlots: () => this.pool.freeSlots(),
        runningCount: () => this.pool.inflightCount(),
        start: (batch) => void this.run(batch),
        drop: (item) => item.reject(cancelled()),
      },
    );
    options.metrics.observe(() => ({ inflight: pool.inflightCount(), pending: this.batcher.pendingCount }));
  }

  /** @throws LoadFailure with the public reason */
  static async load(options: ServedModelOptions): Promise<ServedModel> {
    const { name: model, version, log, metrics } = options;
    let served: ServedModel | undefined;
    const batches = (options.batching?.maxBatchSize ?? 1) > 1;
    const { pool, signature } = await InstancePool.start(
      {
        init: { file: options.file, sha256: options.sha256, intraOpThreads: options.intraOpThreads },
        size: options.instances,
        // A batching model profits more from requests that gather in the queue than from an early hand-over.
        depth: batches ? 1 : 2,
        spawn: options.spawn,
      },
      {
        changed: () => served?.batcher.wake(),
        crashed: (cause) => {
          metrics.workerRestarted();
          log.error({ model, version, cause }, "a worker died; it is being replaced");
        },
        unavailable: (reason) => served?.becomeUnavailable(reason),
        recovered: () => served?.recover(),
      },
    );
    try {
      const spec = modelSpec(signature);
      if (batches) requireBatchDimension(spec);
      served = new ServedModel(options, pool, spec);
      return served;
    } catch (error) {
      await pool.close();
      throw new LoadFailure(messageOf(error), { cause: error });
    }
  }

  get name(): string {
    return this.options.name;
  }

  get version(): string {
    return this.options.version;
  }

  get metrics(): ModelMetrics {
    return this.options.metrics;
  }

  /** Runs one request. Rejects with ServerError; the tensors' data belongs to the model from now on. */
  infer(request: InferRequest): Promise<Tensor[]> {
    return new Promise((resolve, reject) => {
      if (this.unavailable !== undefined) throw this.notReady();
      const inputs = orderInputs(this.name, this.spec, request.inputs);
      const fetch = chooseOutputs(this.name, this.spec, request.outputs);
      const rows = this.options.batching ? this.rowsOf(inputs) : 1;
      const key = this.options.batching ? shapeKey(inputs) : "";
      const item = new PendingRun(request, inputs, fetch, rows, key, resolve, reject);
      if (!this.batcher.enqueue(item)) {
        throw new ServerError(
          "QueueFull",
          `Model \`${this.name}\` has ${this.options.maxQueueSize} requests waiting already; retry later.`,
        );
      }
    });
  }

  /** Ends the workers; what waits or runs fails. */
  async close(): Promise<void> {
    this.rejectQueue(() => new ServerError("Draining", "The server is shutting down."));
    this.metrics.remove();
    await this.pool.close();
  }

  private rowsOf(inputs: readonly Tensor[]): number {
    const rows = inputs[0]?.shape[0] ?? 1;
    for (const { name, shape } of inputs) {
      if (shape[0] !== rows) {
        throw invalid(
          `Input \`${name}\` has ${shape[0]} rows, but input \`${inputs[0]!.name}\` has ${rows}; model \`${this.name}\` batches rows.`,
        );
      }
    }
    return rows;
  }

  private async run(batch: PendingRun[]): Promise<void> {
    const started = performance.now();
    for (const item of batch) this.metrics.queued((started - item.enqueuedAt) / 1000);
    const rows = batch.reduce((sum, item) => sum + item.rows, 0);
    const fetch = batch.length === 1 ? batch[0]!.fetch : [...new Set(batch.flatMap((item) => item.fetch))];
    try {
      const result = await this.pool.leastBusy().run(batchColumns(batch, rows), fetch);
      this.metrics.ran(rows, result.computeSeconds);
      distributeRows(batch, rows, result);
    } catch (error) {
      this.fail(batch, error);
    }
    this.batcher.wake();
  }

  private fail(batch: PendingRun[], error: unknown): void {
    if (error instanceof RunFailure && batch.length > 1) {
      // Each is run again alone, so that callers do not pay for each other's mistakes.
      for (const item of batch) {
        item.key = `solo:${soloCount++}`;
        if (!this.batcher.enqueue(item)) item.reject(this.publicFailure(item, error));
      }
      return;
    }
    for (const item of batch) item.reject(this.publicFailure(item, error));
  }

  private publicFailure(item: PendingRun, error: unknown): ServerError {
    if (error instanceof ServerError) return error;
    const { log } = this.options;
    log.warn({ model: this.name, version: this.version, cause: messageOf(error) }, "a run failed");
    if (error instanceof RunFailure && INPUT_MISTAKE.test(error.message)) {
      const shapes = item.inputs.map(({ name, shape }) => `\`${name}\` [${shape.join(", ")}]`).join(", ");
      return invalid(
        `Model \`${this.name}\` cannot run on these inputs: ${shapes}; their shapes or values do not fit it.`,
      );
    }
    return new ServerError(
      "Internal",
      `Model \`${this.name}\` failed to run; the server's log holds the cause.`,
      {
        cause: error,
      },
    );
  }

  private notReady(): ServerError {
    return new ServerError(
      "ModelNotReady",
      `Model \`${this.name}\` version ${this.version} is not ready: ${this.unavailable}`,
    );
  }

  private becomeUnavailable(reason: string): void {
    this.unavailable = reason;
    this.metrics.ready(false);
    this.options.log.error({ model: this.name, version: this.version, reason }, "the model cannot be served");
    this.rejectQueue(() => this.notReady());
  }

  private recover(): void {
    this.unavailable = undefined;
    this.metrics.ready(true);
    this.options.log.info({ model: this.name, version: this.version }, "the model is served again");
  }

  private rejectQueue(error: () => ServerError): void {
    for (const item of this.batcher.clear()) item.reject(error());
  }
}

/** What onnxruntime says when sizes or indices that came with the request do not suit a node of the graph. */
const INPUT_MISTAKE =
  /invalid (input shape|dimensions|rank)|out of (data )?(bounds|range)|broadcast|dimension|shape|indices/i;

function shapeKey(inputs: readonly Tensor[]): string {
  return inputs.map(({ shape }) => shape.slice(1).join("x")).join(";");
}
