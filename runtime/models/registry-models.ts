import { usableCpus } from "../cpu-quota";
import { ServerError } from "../errors";
import { messageOf } from "../message-of";
import { listed } from "./labels";
import { Permits } from "./load-control";
import { MemoryBudget } from "./memory-budget";
import { partsOf } from "./registry-change";
import { servableLoader } from "./registry-load";
import { Loads } from "./registry-loads";
import { RegisteredModel, type ModelSurroundings } from "./registry-model";
import { cycleThrough } from "./registry-pipelines";
import { Routes } from "./registry-routes";
import type { RegistryOptions } from "./registry-types";
import type { ModelVersion } from "./registry-version";
import type { Servable } from "./servable";

/** The models that are known, by name, and how requests find them. */
export class Models {
  readonly loads: Loads;
  /** Whether the repository has been read, so that a model that is not known is not there. */
  complete = false;
  /** Whether pipelines are to be tried again when a model appears; at the start they come last anyway. */
  retriesPipelines = false;
  private readonly byName = new Map<string, RegisteredModel>();
  private readonly routes = new Routes();
  private readonly surroundings: ModelSurroundings;
  /** Whether more may lie in the repository than was ever asked for. */
  private readonly byRequest: boolean;

  /** @throws UsageError where a public key cannot be read */
  constructor(options: RegistryOptions) {
    const { metrics, log, instances, now = () => performance.now() } = options;
    this.byRequest = options.modelControl === "explicit";
    const budget = new MemoryBudget(options.modelMemoryBudget ?? 0);
    this.loads = new Loads({
      load: options.load ?? servableLoader(options),
      permits: new Permits(options.parallelLoads ?? usableCpus()),
      budget,
      metrics,
      log,
      instances,
      resolve: (name, version) => this.resolve(name, version),
      peek: (name, version) => this.peek(name, version),
    });
    this.surroundings = {
      loads: this.loads,
      budget,
      log,
      now,
      changed: (model) => this.routes.refresh(model),
      loaded: (model) => this.retryPipelinesOf(model),
      coldLoaded: (model, version) => metrics.coldLoaded(model, version),
      evicted: (model, version) => metrics.evicted(model, version),
      cycleOf: (model, config) =>
        cycleThrough(model, partsOf(config), (part) => this.byName.get(part)?.parts ?? []),
    };
  }

  get(name: string): RegisteredModel | undefined {
    return this.byName.get(name);
  }

  [Symbol.iterator](): IterableIterator<RegisteredModel> {
    return this.byName.values();
  }

  /** The model's place, made where there is none yet. */
  register(name: string): RegisteredModel {
    let model = this.byName.get(name);
    if (!model) this.byName.set(name, (model = new RegisteredModel(name, this.surroundings)));
    return model;
  }

  /** The model of that name. @throws ModelNotFound, or ModelNotReady while nobody can know */
  require(name: string): RegisteredModel {
    const model = this.byName.get(name);
    if (!model || model.versions.length === 0) {
      if (!this.complete) {
        throw new ServerError("ModelNotReady", "The model repository is being read; retry later.");
      }
      if (model && !model.isConfigured) throw beingLoaded(name);
      throw new ServerError(
        "ModelNotFound",
        this.byRequest
          ? `Model \`${shown(name)}\` is not loaded; with \`--model-control explicit\` models are loaded by request.`
          : `There is no model \`${shown(name)}\`.`,
      );
    }
    return model;
  }

  /** The version or label that is asked for, or all versions. @throws ModelNotFound */
  entries(name: string, version?: string): readonly ModelVersion[] {
    const model = this.require(name);
    if (version === undefined || version === "") return model.versions;
    const labelled = model.labels.get(version);
    const entry = model.find(labelled ?? version);
    if (!entry && !model.isConfigured) throw beingLoaded(name);
    // The policy has no place for the version of this label: whoever asks for it has to hear that, not to wait.
    const leaving = labelled !== undefined && entry?.state === "UNLOADING";
    if (!entry || leaving) throw new ServerError("ModelNotFound", notFound(model, version, labelled));
    return [entry];
  }

  /**
   * The version to run. A promise only where it has to be loaded first.
   * @throws ModelNotFound or ModelNotReady
   */
  resolve(name: string, version?: string): Servable | Promise<Servable> {
    return this.routes.find(name, version) ?? this.resolveSlowly(name, version);
  }

  /** What `resolve` would find, without loading anything: why there is nothing, or undefined for what is not loaded. */
  peek(name: string, version?: string): Servable | string | undefined {
    const found = this.routes.find(name, version);
    if (found) return found;
    try {
      const entries = this.entries(name, version);
      for (let i = entries.length - 1; i >= 0; i--) if (entries[i]!.serves) return entries[i]!.servable;
      return this.require(name).notReady(entries[entries.length - 1]!).message;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Ends everything; what waits or runs fails. */
  async close(): Promise<void> {
    this.retriesPipelines = false;
    await this.loads.close();
    this.routes.clear();
    const served = [...this].flatMap(({ versions }) => versions.flatMap(({ servable }) => servable ?? []));
    await Promise.all(served.map((servable) => servable.close()));
  }

  private resolveSlowly(name: string, version: string | undefined): Servable | Promise<Servable> {
    const entries = this.entries(name, version);
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i]!;
      if (entry.serves) return entry.servable ?? this.require(name).activate(entry);
    }
    throw this.require(name).notReady(entries[entries.length - 1]!);
  }

  private retryPipelinesOf({ name }: RegisteredModel): void {
    if (!this.retriesPipelines) return;
    for (const model of this) if (model.parts.includes(name)) void model.retry();
  }
}

function beingLoaded(name: string): ServerError {
  return new ServerError("ModelNotReady", `Model \`${name}\` is not ready: it is being loaded`);
}

function notFound(model: RegisteredModel, asked: string, labelled: string | undefined): string {
  const { name, versions, labels } = model;
  const served = versions.filter(({ state }) => state !== "UNLOADING");
  const numbers = served.map(({ version }) => version);
  const known = listed(numbers, labels);
  if (labelled !== undefined) {
    return `The label \`${shown(asked)}\` of model \`${name}\` names version ${labelled}, which is not served; it has ${known}.`;
  }
  const what = labels.size > 0 ? "version or label" : "version";
  return `Model \`${name}\` has no ${what} \`${shown(asked)}\`; it has ${known}.`;
}

/** A name from a URL, short enough for an error message. */
function shown(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}
