import { driftReport, type DriftReport } from "../drift/monitor/drift-report";
import { ServerError } from "../errors";
import type { Feedback } from "../feedback/feedback";
import type { FeedbackReceipt } from "../feedback/model-feedback";
import type { Metrics } from "../metrics/metrics";
import type { ModelStatistics } from "../metrics/statistics";
import type { PayloadLog } from "../payload-log/payload-log";
import type { IndexEntry, ModelRegistry } from "../models/registry";
import type { Servable } from "../models/servable";
import type { WorkerWatch } from "../models/worker-watch";
import type { InferRequest } from "./infer-request";
import type { AnswerWatch } from "./answer-watch";
import { modelConfigView } from "./model-config-view";
import type { ModelSpec } from "./model-spec";
import { schedulingOf, type Scheduling } from "./request-parameters";
import { resolvePatiently } from "./start-patience";
import type { Tensor } from "./tensor";

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  /** Triton's names of the protocol extensions that are served in full. */
  readonly extensions: readonly string[];
}

export interface ModelMetadata extends ModelSpec {
  readonly name: string;
  /** Versions that can serve, ascending. */
  readonly versions: readonly string[];
  readonly platform: string;
}

/** Clients look here before they ask: without `statistics`, perf_analyzer leaves the server's share of the time out. */
const EXTENSIONS = [
  "binary_tensor_data",
  "model_configuration",
  "model_repository",
  "model_repository(unload_dependents)",
  "parameters",
  "schedule_policy",
  "statistics",
] as const;

export interface DataPlaneOptions {
  readonly strictReadiness: boolean;
  readonly serverVersion: string;
  readonly metrics: Metrics;
  readonly workerWatch?: WorkerWatch;
  /** Whether what brings requests, beside the ports, is there. @default it is */
  readonly isFed?: () => boolean;
  /** Undefined where no payload log is kept. */
  readonly payloads?: PayloadLog;
  /** Grades the answers of models that ask for it. */
  readonly feedback: Feedback;
  /** Sees every answer. @default nobody */
  readonly watch?: AnswerWatch;
}

/** What the server can do, whatever the transport. Throws ServerError and nothing else for what clients do wrong. */
export class DataPlane {
  private draining = false;

  constructor(
    private readonly registry: ModelRegistry,
    private readonly options: DataPlaneOptions,
  ) {}

  /** Fails only where a worker is stuck, which nothing but a new process mends; never because of load. */
  live(): boolean {
    return !this.options.workerWatch?.isAnyStuck();
  }

  ready(): boolean {
    const { strictReadiness, isFed } = this.options;
    return !this.draining && this.registry.ready(strictReadiness) && (isFed?.() ?? true);
  }

  /** From now on readiness says no and responses end their connections; requests are still served. */
  startDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  serverMetadata(): ServerMetadata {
    return { name: "slipway", version: this.options.serverVersion, extensions: EXTENSIONS };
  }

  modelReady(name: string, version?: string): boolean {
    return this.registry.modelReady(name, version);
  }

  /** A promise only where the model has to be loaded first. @throws ModelNotFound or ModelNotReady */
  modelMetadata(name: string, version?: string): ModelMetadata | Promise<ModelMetadata> {
    return this.withModel(name, version, ({ settings, spec }) => ({
      name,
      versions: this.registry.readyVersions(name),
      platform: settings.platform,
      ...spec,
    }));
  }

  /**
   * Triton's ModelConfig as JSON. A promise only where the model has to be loaded first.
   * @throws ModelNotFound or ModelNotReady
   */
  modelConfig(name: string, version?: string): Record<string, unknown> | Promise<Record<string, unknown>> {
    return this.withModel(name, version, (model) => modelConfigView(model, this.registry.configOf(name)));
  }

  /**
   * Loads a model, or loads it again with what lies in the repository now, without a request failing.
   * @param parameters Triton's, as plain values: `config` with fields of `model.json` as JSON
   * @throws Conflict, ModelNotFound or InvalidArgument
   */
  loadModel(name: string, parameters?: Readonly<Record<string, unknown>>): Promise<void> {
    return this.registry.load(name, parameters);
  }

  /**
   * Takes a model out of service; resolves when what was asked of it is answered.
   * @param parameters Triton's, as plain values: `unload_dependents`
   * @throws Conflict or ModelNotFound
   */
  unloadModel(name: string, parameters?: Readonly<Record<string, unknown>>): Promise<void> {
    return this.registry.unload(name, parameters);
  }

  repositoryIndex(readyOnly: boolean): IndexEntry[] {
    const entries = this.registry.index();
    return readyOnly ? entries.filter((entry) => entry.state === "READY") : entries;
  }

  /**
   * What was counted of the versions that are loaded: of all, of one model, of one version.
   * @throws ModelNotFound
   */
  statistics(name?: string, version?: string): ModelStatistics[] {
    const number = name ? this.registry.versionOf(name, version) : version;
    return this.options.metrics.statistics(name || undefined, number || undefined);
  }

  /**
   * How far what a model version sees is from its baseline. A promise only where the model has to be loaded first.
   * @param withBaseline whether the baseline is part of the answer
   * @throws ModelNotFound or ModelNotReady, RouteNotFound where its drift is not followed
   */
  drift(name: string, version?: string, withBaseline = false): DriftReport | Promise<DriftReport> {
    return this.withModel(name, version, (model) => {
      if (model.drift !== undefined) return driftReport(model.drift, withBaseline);
      throw new ServerError(
        "RouteNotFound",
        `Drift of model \`${name}\` version ${model.version} is not followed: it has no \`baseline.json\`, or \`drift\` in its \`model.json\` is false.`,
      );
    });
  }

  /**
   * The model version that a request addresses; a promise only where it has to be loaded first, or is while the server starts. Whoever does not hand in
   * a request within the same turn of the event loop takes hold of it, see `registry-lease.ts`.
   * @throws ModelNotFound or ModelNotReady
   */
  resolve(name: string, version?: string): Servable | Promise<Servable> {
    return resolvePatiently(this.registry, name, version);
  }

  /** Whether requests are written down, by their ids. */
  get keepsPayloads(): boolean {
    return this.options.payloads !== undefined;
  }

  /** Triton's request parameters `priority` and `timeout`. @throws 400 for values that do not fit */
  schedulingOf(parameters: Readonly<Record<string, unknown>> | undefined): Scheduling {
    return schedulingOf(parameters);
  }

  /** Runs a request on a resolved model. */
  infer(model: Servable, request: InferRequest): Promise<Tensor[]> {
    const { payloads, watch } = this.options;
    const capture = payloads?.capture(model, request);
    const answer = capture ? capture.settle(model.infer(request)) : model.infer(request);
    watch?.watch(model.name, request.requestId, answer);
    const { feedback: rules } = model.config;
    if (rules !== undefined) this.options.feedback.watch(model, rules, request.requestId, answer);
    return answer;
  }

  /**
   * Takes the truth about answers that a model gave.
   * @param body as docs/quality.md has it
   * @throws ModelNotFound, or 400 naming what is wrong with the body
   */
  takeFeedback(
    name: string,
    version: string | undefined,
    body: Readonly<Record<string, unknown>>,
  ): FeedbackReceipt {
    const { registry, options } = this;
    return options.feedback.take(name, body, {
      version: registry.versionOf(name, version),
      hasVersion: (number) => registry.hasVersion(name, number),
    });
  }

  private withModel<Result>(
    name: string,
    version: string | undefined,
    view: (model: Servable) => Result,
  ): Result | Promise<Result> {
    const model = this.registry.resolve(name, version);
    return model instanceof Promise ? model.then(view) : view(model);
  }
}
