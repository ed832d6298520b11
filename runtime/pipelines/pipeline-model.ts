import type { Logger } from "pino";
import { chooseOutputs, orderInputs } from "../dataplane/check-request";
import type { InferRequest } from "../dataplane/infer-request";
import { compileInputRules, type CheckInputs } from "../dataplane/input-rules";
import { checkFeedbackOutput } from "../feedback/check-feedback";
import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import type { DriftMonitor } from "../drift/monitor/drift-monitor";
import { cancelled, publicError, ServerError } from "../errors";
import type { ModelMetrics } from "../metrics/model-metrics";
import type { ModelConfig } from "../models/model-config-types";
import type { Servable, ServableSettings } from "../models/servable";
import { pipelineGraph } from "./build-graph";
import type { PipelineGraph, StepNode } from "./graph";
import { countUses, PipelineRun } from "./run";
import { StepModels, type PeekStep, type ResolveStep } from "./step-models";
import { StepRequest } from "./step-request";

export interface PipelineOptions {
  readonly name: string;
  readonly version: string;
  /** `model.json`; its `pipeline` must be there. */
  readonly config: ModelConfig;
  readonly metrics: ModelMetrics;
  readonly log: Logger;
  readonly resolve: ResolveStep;
  readonly peek: PeekStep;
}

const SETTINGS: ServableSettings = {
  platform: "ensemble",
  instances: 0,
  maxBatchSize: 0,
  maxQueueDelayMs: 0,
  preferredBatchSizes: [],
  priorityLevels: 0,
  defaultPriorityLevel: 0,
  providers: [],
};

/**
 * Checks a pipeline and its models and makes a servable of them. The models go on to be served by themselves.
 * @throws one sentence that names the field of `model.json`, also where a step's model cannot serve yet
 */
export async function createPipeline(options: PipelineOptions): Promise<Servable> {
  const { name, version, log, resolve, peek } = options;
  const { pipeline } = options.config;
  if (!pipeline) throw new Error("`pipeline` is missing in `model.json`.");
  const own = pipeline.steps.findIndex(({ model }) => model === name);
  if (own >= 0) throw new Error(`\`pipeline.steps[${own}].model\` (${name}) is the pipeline itself.`);
  const graph = pipelineGraph(pipeline);
  const models = await StepModels.load(name, graph, resolve, peek);
  for (const warning of graph.warnings) log.warn({ model: name, version }, warning);
  return new PipelineModel(options, graph, models);
}

/** A graph of models that answers as one. It holds no session and no queue: its steps wait in those of their models. */
class PipelineModel implements Servable {
  readonly settings = SETTINGS;
  readonly memoryBytes = 0;
  readonly spec: ModelSpec;
  lastUsed = performance.now();
  drift: DriftMonitor | undefined;
  private readonly allOutputs: readonly string[];
  private readonly usesOfAll: ReadonlyMap<string, number>;
  private readonly checkInputs: CheckInputs | undefined;
  private readonly maxBusy: number;
  private busy = 0;
  private idle: (() => void) | undefined;
  private ending: ServerError | undefined;

  constructor(
    private readonly options: PipelineOptions,
    private readonly graph: PipelineGraph,
    private readonly models: StepModels,
  ) {
    this.spec = { inputs: graph.inputs, outputs: graph.outputs };
    this.allOutputs = graph.outputs.map(({ name }) => name);
    this.usesOfAll = countUses(graph, this.allOutputs);
    this.checkInputs = compileInputRules(options.name, this.spec, options.config.validation);
    checkFeedbackOutput(options.name, this.spec, options.config.feedback);
    this.maxBusy = options.config.maxConcurrentRequests ?? Infinity;
    options.metrics.observe(() => ({ inflight: this.busy, pending: 0, cacheBytes: 0 }));
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

  get unavailable(): string | undefined {
    return this.models.unavailable();
  }

  get busyCount(): number {
    return this.busy;
  }

  infer(request: InferRequest): Promise<Tensor[]> {
    const sampled = this.drift?.begin(request);
    const answer = this.answer(request);
    sampled?.follow(answer);
    return answer;
  }

  private async answer(request: InferRequest): Promise<Tensor[]> {
    if (this.ending) throw this.ending;
    this.refuseSurplus();
    const places = chooseOutputs(this.name, this.spec, request.outputs);
    const outputs = places ? places.map((place) => this.allOutputs[place]!) : this.allOutputs;
    const inputs = orderInputs(this.name, this.spec, request.inputs);
    this.checkInputs?.(inputs);
    this.busy++;
    this.lastUsed = performance.now();
    const uses = places ? countUses(this.graph, outputs) : new Map(this.usesOfAll);
    const run: PipelineRun = new PipelineRun(
      {
        graph: this.graph,
        inputs,
        outputs,
        parameters: request.parameters ?? {},
        runStep: (step, tensors, fetch) =>
          this.runStep(
            run,
            step,
            new StepRequest(request, run, tensors, fetch, request.trace?.step(step.model)),
          ),
      },
      uses,
    );
    try {
      return this.checked(await run.answer());
    } finally {
      if (--this.busy === 0) this.idle?.();
    }
  }

  async retire(): Promise<void> {
    this.ending = new ServerError(
      "ModelNotReady",
      `Model \`${this.name}\` version ${this.version} is not ready: it is being unloaded.`,
    );
    if (this.busy > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    this.metrics.remove();
    this.drift?.close();
  }

  close(): Promise<void> {
    this.ending = new ServerError("Draining", "The server is shutting down.");
    this.metrics.remove();
    this.drift?.close();
    return Promise.resolve();
  }

  private refuseSurplus(): void {
    if (this.busy < this.maxBusy) return;
    throw new ServerError(
      "QueueFull",
      `Pipeline \`${this.name}\` has ${this.busy} requests under way already, as many as \`maxConcurrentRequests\` in its \`model.json\` allows; retry later.`,
    );
  }

  private async runStep(run: PipelineRun, step: StepNode, request: StepRequest): Promise<Tensor[]> {
    let model: Servable | undefined;
    try {
      if (run.ended || request.cancelled) throw cancelled();
      if (this.ending?.code === "Draining") throw this.ending;
      const found = this.models.find(step);
      model = found instanceof Promise ? await found : found;
      const tensors = await model.infer(request);
      request.trace?.end("OK");
      return tensors;
    } catch (error) {
      const failure = error === this.ending ? error : this.stepFailure(step, model, error);
      request.trace?.end(publicError(failure).code);
      throw failure;
    }
  }

  private stepFailure(step: StepNode, model: Servable | undefined, error: unknown): ServerError {
    const known = publicError(error);
    if (known.code === "Cancelled") return known;
    const version = model ? ` version ${model.version}` : "";
    // A client asked for the pipeline, which is there; that one of its models is not is no 404.
    const code = known.code === "ModelNotFound" ? "ModelNotReady" : known.code;
    return new ServerError(
      code,
      `Step ${step.index + 1} (\`${step.model}\`${version}) of pipeline \`${this.name}\`: ${known.message}`,
      { cause: error },
    );
  }

  /** What clients read in the metadata must hold, although models may give other sizes where theirs are free. */
  private checked(tensors: Tensor[]): Tensor[] {
    for (const { name, shape } of tensors) {
      const declared = this.spec.outputs.find((output) => output.name === name)!.shape;
      const fits =
        declared.length === shape.length && declared.every((size, i) => size === -1 || size === shape[i]);
      if (!fits) {
        throw new ServerError(
          "Internal",
          `Pipeline \`${this.name}\` gave \`${name}\` with the shape [${shape.join(", ")}], but declares [${declared.join(", ")}] in \`model.json\`.`,
        );
      }
    }
    return tensors;
  }
}
