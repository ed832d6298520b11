import type { Logger } from "pino";
import { AdaptiveLimits } from "../batching/adaptive-limits";
import { EfficientSize } from "../batching/efficient-size";
import { DynamicBatcher, type BatchLimits } from "../batching/dynamic-batcher";
import { OrderedDelivery } from "../batching/ordered-delivery";
import { chooseOutputs, orderInputs } from "../dataplane/check-request";
import type { InferRequest } from "../dataplane/infer-request";
import { compileInputRules, type CheckInputs } from "../dataplane/input-rules";
import { checkFeedbackOutput } from "../feedback/check-feedback";
import { modelSpec, requireBatchDimension, type ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import type { DriftMonitor } from "../drift/monitor/drift-monitor";
import { cancelled, ServerError } from "../errors";
import { messageOf } from "../message-of";
import type { ModelMetrics } from "../metrics/model-metrics";
import { tracedAnswer } from "../tracing/traced-answer";
import { BatchExecution, type ExecutionEvents } from "./batch-execution";
import type { InlineLane } from "./inline-lane";
import { InstancePool } from "./instance-pool";
import { openCache, openLane } from "./load-on-demand";
import type { ModelConfig } from "./model-config-types";
import { PendingRun } from "./pending-run";
import { reportLoading } from "./report-loading";
import { requestShapes, type RowsAndKey } from "./request-shapes";
import type { ResponseCache, Waiting } from "./response-cache";
import type { Servable, ServableSettings } from "./servable";
import { probeRows, servingSettings } from "./serving-settings";
import { LoadFailure, type SpawnWorker } from "./worker-instance";
import type { WorkerWatch } from "./worker-watch";

export interface ServedModelOptions {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** `model.json`; fields that are missing there follow from the options below. */
  readonly config: ModelConfig;
  /** Digests of the files beside the model that hold weights, by name. */
  readonly sideFiles?: Readonly<Record<string, string>>;
  /** Ed25519 keys, PEM, one of which must have signed the model; empty or left out: no signature is asked for. */
  readonly publicKeys?: readonly string[];
  readonly instances: number;
  readonly intraOpThreads: number;
  /** Whether models without `batching` in `model.json` batch where that is proven safe. @default "auto" */
  readonly batching?: "auto" | "off";
  /** Whether short runs take place on the main thread where the model is quick enough. @default "auto" */
  readonly inline?: "auto" | "off";
  readonly maxQueueSize: number;
  readonly workerWatch?: WorkerWatch;
  readonly metrics: ModelMetrics;
  readonly log: Logger;
  readonly spawn?: SpawnWorker;
}

/** A loaded model version: checks requests, queues them, runs them on its workers. */
export class ServedModel implements Servable {
  unavailable: string | undefined;
  lastUsed = performance.now();
  drift: DriftMonitor | undefined;
  private busy = 0;
  private idle: (() => void) | undefined;
  private retiring = false;
  private closed = false;
  private readonly execution: BatchExecution;
  private readonly batcher: DynamicBatcher<PendingRun>;
  private readonly adaptive: AdaptiveLimits | undefined;
  /** For models whose batching nobody has set. */
  private readonly efficient: EfficientSize | undefined;
  private readonly ordered: OrderedDelivery | undefined;
  private readonly cache: ResponseCache | undefined;
  private readonly checkInputs: CheckInputs | undefined;
  private readonly shapes: (inputs: readonly Tensor[]) => RowsAndKey;
  private readonly maxBusy: number;
  private readonly maxWaiting: number;
  private waitingCount = 0;
  /** Requests that wait for the cache count as if they stood in the queue. */
  private readonly waiting: Omit<Waiting, "goOn"> = {
    enter: () => {
      this.refuseSurplus();
      if (this.pendingCount >= this.maxWaiting) throw this.queueFull();
      this.busy++;
      this.waitingCount++;
    },
    leave: () => {
      this.waitingCount--;
      if (--this.busy === 0) this.idle?.();
    },
  };
  private readonly endWatch: (() => void) | undefined;

  private constructor(
    private readonly options: ServedModelOptions,
    private readonly pool: InstancePool,
    readonly spec: ModelSpec,
    readonly settings: ServableSettings,
    limits: BatchLimits,
    readonly memoryBytes: number,
    private readonly lane: InlineLane | undefined,
  ) {
    const { name, config, metrics, maxQueueSize } = options;
    const { queue = {}, batching } = config;
    const objective = batching ? batching.latencyObjectiveMs : undefined;
    this.maxBusy = config.maxConcurrentRequests ?? Infinity;
    this.maxWaiting = queue.maxSize ?? maxQueueSize;
    this.checkInputs = compileInputRules(name, spec, config.validation);
    checkFeedbackOutput(name, spec, config.feedback);
    this.shapes = requestShapes(name, spec, settings.maxBatchSize > 0, Boolean(batching));
    if (batching && batching.preserveOrdering) this.ordered = new OrderedDelivery();
    if (config.cache) this.cache = openCache(config.cache.maxBytes, metrics);
    if (objective !== undefined && settings.maxBatchSize > 0) {
      this.adaptive = new AdaptiveLimits({ ...limits, latencyObjectiveMs: objective });
    }
    if (batching === undefined && settings.maxBatchSize > 0) {
      this.efficient = new EfficientSize({ initial: limits.maxBatchSize, largest: settings.maxBatchSize });
    }
    const events: ExecutionEvents = {
      finished: (run) => {
        if (this.adaptive?.observe(run)) this.adopt(this.adaptive.limits);
        else if (this.efficient?.observe(run)) this.adopt({ ...limits, maxBatchSize: this.efficient.size });
        this.batcher.finished(run.rows);
      },
      requeue: (item) => {
        // Nobody would run it any more.
        if (this.closed) item.fail(shuttingDown());
        else this.batcher.requeue(item);
      },
    };
    this.execution = new BatchExecution(options, pool, spec, events, lane);
    this.batcher = new DynamicBatcher<PendingRun>(
      {
        ...limits,
        preferredBatchSizes: settings.preferredBatchSizes,
        maxSize: this.maxWaiting,
        levels: settings.priorityLevels || 1,
        timeoutMs: queue.timeoutMs || Infinity,
        timeoutAction: queue.timeoutAction ?? "reject",
      },
      this.execution,
    );
    if (this.adaptive) this.adopt(this.adaptive.limits);
    this.endWatch = options.workerWatch?.add({
      label: { model: name, version: options.version },
      isStuck: (limitMs) => pool.isStuck(limitMs),
    });
    metrics.observe(() => ({
      inflight: pool.inflightCount() + (lane?.runningCount ?? 0),
      pending: this.pendingCount,
      queueCapacity: this.maxWaiting,
      cacheBytes: this.cache?.bytes ?? 0,
    }));
  }

  /** @throws LoadFailure with the public reason */
  static async load(options: ServedModelOptions): Promise<ServedModel> {
    const { name: model, version, log, metrics, config } = options;
    let served: ServedModel | undefined;
    const { pool, loaded } = await InstancePool.start(
      {
        init: {
          file: options.file,
          sha256: config.sha256[version],
          sideFiles: options.sideFiles,
          publicKeys: options.publicKeys,
          validation: config.validation,
          intraOpThreads: options.intraOpThreads,
          execution: config.execution,
          probeRows: probeRows(config, options.batching),
          inline: options.inline !== "off",
        },
        size: options.instances,
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
    let lane: InlineLane | undefined;
    try {
      const spec = modelSpec(loaded.signature);
      const { batching } = loaded;
      const settings = servingSettings(config, options.instances, loaded.providers ?? ["cpu"], batching);
      if (config.batching && settings.maxBatchSize > 0) requireBatchDimension(spec);
      reportLoading(options, loaded);
      const limits = {
        maxBatchSize: batching?.safe ? batching.efficientRows : settings.maxBatchSize || 1,
        maxQueueDelayMs: settings.maxQueueDelayMs,
      };
      if (loaded.inline) lane = await openLane(loaded.inline, options.file, config.execution);
      const memoryBytes = (loaded.memoryBytes ?? 0) * options.instances + (lane?.memoryBytes ?? 0);
      served = new ServedModel(options, pool, spec, settings, limits, memoryBytes, lane);
      return served;
    } catch (error) {
      await Promise.all([pool.close(), lane?.close()]);
      throw new LoadFailure(messageOf(error), { cause: error });
    }
  }

  get name(): string {
    return this.options.name;
  }

  get version(): string {
    return this.options.version;
  }

  get config(): ModelConfig {
    return this.options.config;
  }

  get metrics(): ModelMetrics {
    return this.options.metrics;
  }

  get busyCount(): number {
    return this.busy;
  }

  /** Runs one request. Rejects with ServerError; the tensors' data belongs to the model from now on. */
  infer(request: InferRequest): Promise<Tensor[]> {
    if (this.drift === undefined) return this.answer(request);
    const sampled = this.drift.begin(request);
    const answer = this.answer(request);
    sampled?.follow(answer);
    return answer;
  }

  /** Runs made-up inputs, new ones each time, on each worker and on the main thread where that has a part in it. */
  async warm(inputs: () => readonly Tensor[]): Promise<void> {
    await this.execution.warm(() => {
      const ordered = orderInputs(this.name, this.spec, inputs());
      this.checkInputs?.(ordered);
      return ordered;
    });
  }

  private get pendingCount(): number {
    return this.batcher.pendingCount + this.waitingCount;
  }

  private answer(request: InferRequest): Promise<Tensor[]> {
    const { cache } = this;
    this.lastUsed = performance.now();
    if (!cache) return this.run(request);
    try {
      const inputs = orderInputs(this.name, this.spec, request.inputs);
      const fetch = chooseOutputs(this.name, this.spec, request.outputs);
      this.refuseUnready();
      const waiting = request.deadline === undefined ? this.waitingOf(request) : undefined;
      const { trace } = request;
      const answer = (run: () => Promise<Tensor[]>) => cache.answer(inputs, fetch, waiting, run);
      const run = () => this.run(request);
      return trace === undefined ? answer(run) : tracedAnswer(trace, run, answer);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async retire(): Promise<void> {
    this.retiring = true;
    if (this.busy > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.close();
  }

  async close(): Promise<void> {
    this.retiring = this.closed = true;
    this.rejectQueue(shuttingDown);
    this.metrics.remove();
    this.drift?.close();
    this.endWatch?.();
    await Promise.all([this.pool.close(), this.lane?.close()]);
  }

  private run(request: InferRequest): Promise<Tensor[]> {
    return new Promise((resolve, reject) => {
      this.refuseUnready();
      this.refuseSurplus();
      const inputs = orderInputs(this.name, this.spec, request.inputs);
      const fetch = chooseOutputs(this.name, this.spec, request.outputs);
      this.checkInputs?.(inputs);
      const shape = this.shapes(inputs);
      const inTurn = this.ordered?.announce();
      const settle = (handOn: () => void) => {
        if (--this.busy === 0) this.idle?.();
        if (inTurn) inTurn(handOn);
        else handOn();
      };
      const item = new PendingRun(
        request,
        inputs,
        fetch,
        shape,
        this.levelOf(request.priority),
        this.deadlineOf(request),
        (outputs) => settle(() => resolve(outputs)),
        (error) => settle(() => reject(error as Error)),
      );
      this.busy++;
      if (this.batcher.enqueue(item)) return;
      item.fail(this.queueFull());
    });
  }

  /** One that waits for the cache gets no more of the queue's time than one that stands in the queue. */
  private waitingOf(request: InferRequest): Waiting {
    const { timeoutMs, timeoutAction } = this.config.queue ?? {};
    const longest = timeoutAction === "delay" ? Infinity : timeoutMs || Infinity;
    const goOn = (waitedMs: number) => {
      if (request.cancelled) throw cancelled();
      if (waitedMs < longest) return;
      throw new ServerError(
        "DeadlineExceeded",
        `The request waited ${Math.round(waitedMs)} ms for model \`${this.name}\` to answer an equal one, which is longer than the queue's timeout allows; it was not run.`,
      );
    };
    return { ...this.waiting, goOn };
  }

  private queueFull(): ServerError {
    return new ServerError(
      "QueueFull",
      `Model \`${this.name}\` has ${this.pendingCount} requests waiting already; retry later.`,
    );
  }

  private refuseUnready(): void {
    if (this.retiring) throw this.notReady("it is being unloaded.");
    if (this.unavailable !== undefined) throw this.notReady(this.unavailable);
  }

  private refuseSurplus(): void {
    if (this.busy < this.maxBusy) return;
    throw new ServerError(
      "QueueFull",
      `Model \`${this.name}\` has ${this.busy} requests under way already, as many as \`maxConcurrentRequests\` in its \`model.json\` allows; retry later.`,
    );
  }

  /** Index of a request's level of priority; one that the model does not have stands for its default, as in Triton. */
  private levelOf(priority = 0): number {
    const { priorityLevels, defaultPriorityLevel } = this.settings;
    if (priorityLevels === 0) return 0;
    return (priority >= 1 && priority <= priorityLevels ? priority : defaultPriorityLevel) - 1;
  }

  /** Where requests may not choose how long they wait, the `timeout` that one names does not count. */
  private deadlineOf({ deadline = Infinity, parameters }: InferRequest): number {
    const { queue } = this.config;
    return queue?.allowTimeoutOverride === false && parameters?.timeout !== undefined ? Infinity : deadline;
  }

  private adopt(limits: BatchLimits): void {
    this.batcher.batchLimits = limits;
    this.metrics.batchingChosen(limits.maxBatchSize, limits.maxQueueDelayMs / 1000);
  }

  private notReady(reason: string): ServerError {
    return new ServerError(
      "ModelNotReady",
      `Model \`${this.name}\` version ${this.version} is not ready: ${reason}`,
    );
  }

  private becomeUnavailable(reason: string): void {
    this.unavailable = reason;
    this.metrics.ready(false);
    this.options.log.error({ model: this.name, version: this.version, reason }, "the model cannot be served");
    this.rejectQueue(() => this.notReady(reason));
  }

  private recover(): void {
    this.unavailable = undefined;
    this.metrics.ready(true);
    this.options.log.info({ model: this.name, version: this.version }, "the model is served again");
  }

  private rejectQueue(error: () => ServerError): void {
    for (const item of this.batcher.clear()) item.fail(error());
  }
}

function shuttingDown(): ServerError {
  return new ServerError("Draining", "The server is shutting down.");
}
