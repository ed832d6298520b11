import type { Logger } from "pino";
import type { DropReason } from "../batching/batch-item";
import type { ObservedRun } from "../batching/adaptive-limits";
import type { BatchRunner } from "../batching/dynamic-batcher";
import type { SizedRun } from "../batching/efficient-size";
import type { InferRequest } from "../dataplane/infer-request";
import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import { cancelled, invalid, ServerError } from "../errors";
import { messageOf } from "../message-of";
import { logIds, type LogIds } from "../tracing/log-ids";
import type { RequestTrace, TracedRun } from "../tracing/request-trace";
import type { ModelMetrics } from "../metrics/model-metrics";
import { batchColumns, distributeRows, fetchOf } from "./batch-tensors";
import { isInputMistake } from "./input-mistake";
import type { InlineLane } from "./inline-lane";
import type { InstancePool } from "./instance-pool";
import type { PendingRun } from "./pending-run";
import { spareOf, type SpareBuffers } from "./spare-buffers";
import type { RunTensors } from "./synthetic-rows";
import { RunFailure, type RunWaiter } from "./worker-instance";
import type { ResultMessage } from "./worker-protocol";

export interface ExecutionOptions {
  readonly name: string;
  readonly version: string;
  readonly metrics: ModelMetrics;
  readonly log: Logger;
}

export interface ExecutionEvents {
  /** A run has ended, whatever became of it. Milliseconds. */
  finished(run: ObservedRun & SizedRun): void;
  /** A request is to be run again, by itself. */
  requeue(item: PendingRun): void;
}

/** Runs batches on a model's workers and gives every request its answer. */
export class BatchExecution implements BatchRunner<PendingRun> {
  constructor(
    private readonly options: ExecutionOptions,
    private readonly pool: InstancePool,
    private readonly spec: ModelSpec,
    private readonly events: ExecutionEvents,
    /** Where runs take place that are quick enough. */
    private readonly lane?: InlineLane,
  ) {}

  freeSlots(): number {
    return this.pool.freeSlots();
  }

  idleSlots(): number {
    return this.pool.idleCount();
  }

  runningCount(): number {
    return this.pool.inflightCount();
  }

  start(batch: PendingRun[], rows: number): void {
    const started = performance.now();
    let waitMs = 0;
    let assembled = started;
    const { lane } = this;
    const isInline = lane !== undefined && lane.takes(batch.length, rows) && this.pool.inflightCount() === 0;
    const ended = (computeMs?: number) => {
      const serviceMs = performance.now() - started;
      const { key } = batch[0]!;
      this.events.finished({ rows, requests: batch.length, waitMs, serviceMs, key, computeMs });
    };
    try {
      const fetch = fetchOf(batch);
      const waiter: RunWaiter = {
        succeeded: (result) => {
          this.trace(batch, rows, isInline, started, assembled, false);
          this.distribute(batch, rows, fetch, result, started, assembled);
          ended(result[1] * 1000);
        },
        failed: (error) => {
          this.trace(batch, rows, isInline, started, assembled, true);
          this.fail(batch, error);
          ended();
        },
      };
      if (isInline) runInline(lane, batch, rows, fetch, waiter);
      else {
        const instance = this.pool.leastBusy();
        instance.run(batchColumns(batch, rows, instance.spare), fetch, waiter);
      }
      assembled = performance.now();
    } catch (error) {
      this.fail(batch, error);
      ended();
    }
    // The worker is busy by now; this need not keep it waiting.
    for (const { enqueuedAt, request } of batch) {
      const waited = started - enqueuedAt;
      if (waited > waitMs) waitMs = waited;
      this.options.metrics.queued(waited / 1000);
      request.trace?.stage("queue", enqueuedAt, started);
    }
  }

  /**
   * Runs inputs, new ones each time, on every worker and on the main thread where requests may run there.
   * @throws what a client would be told
   */
  async warm(inputs: () => readonly Tensor[]): Promise<void> {
    const { lane } = this;
    const places = this.pool.instances.map((instance) => ({ instance, tensors: inputs() }));
    const inline = lane && { lane, tensors: inputs() };
    // Only now: where there are no inputs for one of them, no run is left behind that nobody waits for.
    const runs = places.map(({ instance, tensors }) => {
      const run = new Promise((succeeded, failed) =>
        instance.run(lone(tensors, instance.spare), undefined, { succeeded, failed }),
      );
      return run.catch((error: unknown) => Promise.reject(this.publicFailure({ inputs: tensors }, error)));
    });
    if (inline) {
      const { tensors } = inline;
      const run = async () => inline.lane.run(lone(tensors, inline.lane.spare), undefined);
      runs.push(
        run().catch((error: unknown) =>
          Promise.reject(this.publicFailure({ inputs: tensors }, new RunFailure(messageOf(error)))),
        ),
      );
    }
    const ended = await Promise.allSettled(runs);
    for (const result of ended) if (result.status === "rejected") throw result.reason;
  }

  drop(item: PendingRun, reason: DropReason): void {
    const { name } = this.options;
    switch (reason) {
      case "cancelled":
        return item.fail(cancelled());
      case "expired": {
        const waited = Math.round(performance.now() - item.enqueuedAt);
        const why = item.hasRun
          ? "which is longer than its deadline allows: a run that it shared failed, and it could not be run again in time."
          : "which is longer than its deadline or the queue's timeout allows; it was not run.";
        return item.fail(
          new ServerError(
            "DeadlineExceeded",
            `The request waited ${waited} ms for model \`${name}\`, ${why}`,
          ),
        );
      }
      case "evicted":
        return item.fail(
          new ServerError(
            "QueueFull",
            `The queue of model \`${name}\` is full, and this request's place was needed for a higher priority or for another client; retry later.`,
          ),
        );
    }
  }

  private distribute(
    batch: readonly PendingRun[],
    rows: number,
    fetch: readonly number[] | undefined,
    result: ResultMessage,
    started: number,
    assembled: number,
  ): void {
    const answered = performance.now();
    this.pool.ran(result[1]);
    let outputs: Tensor[][];
    try {
      outputs = distributeRows(this.spec, batch, rows, fetch, result);
    } catch (error) {
      // The model drops rows of its own accord, for these values; alone each request gets what is left of its own.
      const { log, name: model, version } = this.options;
      log.warn(
        { model, version, cause: messageOf(error) },
        "a batch lost rows; its requests run again alone",
      );
      this.fail(batch, new RunFailure(messageOf(error)));
      return;
    }
    for (let i = 0; i < batch.length; i++) batch[i]!.succeed(outputs[i]!);
    this.options.metrics.ran({
      rows,
      requests: batch.length,
      assembly: (assembled - started) / 1000,
      compute: result[1],
      distribution: (performance.now() - answered) / 1000,
    });
  }

  /** Adds the run to the traces of those of its requests that are traced. */
  private trace(
    batch: readonly PendingRun[],
    rows: number,
    isInline: boolean,
    startedMs: number,
    assembledMs: number,
    failed: boolean,
  ): void {
    let members: RequestTrace[] | undefined;
    for (let i = 0; i < batch.length; i++) {
      const { trace } = batch[i]!.request;
      if (trace !== undefined) (members ??= []).push(trace);
    }
    if (members === undefined) return;
    const { name: model, version } = this.options;
    const run: TracedRun = {
      model,
      version,
      rows,
      requests: batch.length,
      members,
      thread: isInline ? "main" : "worker",
      startedMs,
      assembledMs,
      endedMs: performance.now(),
      failed,
    };
    members[0]!.ran(run);
  }

  private fail(batch: readonly PendingRun[], error: unknown): void {
    if (error instanceof RunFailure && batch.length > 1) {
      // Each is run again alone, so that callers do not pay for each other's mistakes.
      // Their tensors are whole: the batch had arrays of its own.
      for (const item of batch) {
        item.separate();
        this.events.requeue(item);
      }
      return;
    }
    if (error instanceof ServerError && error.code === "WorkerCrashed") this.logCrash(batch);
    for (const item of batch) item.fail(this.publicFailure(item, error));
  }

  /** One line per request: each is to be found by its own ids. */
  private logCrash(batch: readonly PendingRun[]): void {
    const { log, name: model, version } = this.options;
    for (const { request } of batch) {
      log.error({ ...idsOf(request), model, version }, "a worker died while it ran the request");
    }
  }

  private publicFailure(
    { inputs, request }: Pick<PendingRun, "inputs"> & { readonly request?: InferRequest },
    error: unknown,
  ): ServerError {
    if (error instanceof ServerError) return error;
    const { log, name: model, version } = this.options;
    log.warn({ ...(request && idsOf(request)), model, version, cause: messageOf(error) }, "a run failed");
    if (error instanceof RunFailure && isInputMistake(error.message)) {
      const shapes = inputs.map(({ name, shape }) => `\`${name}\` [${shape.join(", ")}]`).join(", ");
      return invalid(
        `Model \`${model}\` cannot run on these inputs: ${shapes}; their shapes or values do not fit it.`,
      );
    }
    return new ServerError(
      "Internal",
      `Model \`${model}\` failed to run; the server's log holds the cause.`,
      {
        cause: error,
      },
    );
  }
}

function idsOf({ requestId, trace, traceparent }: InferRequest): LogIds {
  return logIds(requestId, trace, traceparent);
}

/** Made-up inputs as a run of their own. */
function lone(inputs: readonly Tensor[], spare: SpareBuffers): RunTensors {
  return batchColumns([{ inputs, fetch: undefined, rows: 1 }], 1, spare);
}

/** Nothing is handed over, so that a lone request's arrays may be anybody's. */
function runInline(
  lane: InlineLane,
  batch: readonly PendingRun[],
  rows: number,
  fetch: readonly number[] | undefined,
  waiter: RunWaiter,
): void {
  const { inputs } = batch[0]!;
  const isLone = batch.length === 1;
  const tensors = isLone
    ? { dims: inputs.map(({ shape }) => shape), data: inputs.map(({ data }) => data) }
    : batchColumns(batch, rows, lane.spare);
  const started = performance.now();
  lane.run(tensors, fetch).then(
    ({ dims, data }) => {
      const seconds = (performance.now() - started) / 1000;
      if (!isLone) for (const buffer of spareOf(tensors.data, data) ?? []) lane.spare.give(buffer);
      waiter.succeeded([0, seconds, dims, data]);
    },
    (error: unknown) => waiter.failed(new RunFailure(messageOf(error))),
  );
}
