import type { ModelSpec } from "../dataplane/model-spec";
import { ServerError } from "../errors";
import { messageOf } from "../message-of";
import type { Servable } from "../models/servable";
import { checkFlow } from "./flow";
import type { PipelineGraph, StepNode } from "./graph";

/** Finds the version of a model that serves at present; a promise only where it has to be loaded first. */
export type ResolveStep = (name: string, version?: string) => Servable | Promise<Servable>;

/** What `ResolveStep` would find, without loading anything: why there is nothing, or undefined for what is not loaded. */
export type PeekStep = (name: string, version?: string) => Servable | string | undefined;

/**
 * The models of a pipeline's steps. Each request gets the versions that serve at that moment; when one with another
 * signature has come, the whole pipeline is checked against it first.
 */
export class StepModels {
  /** A set of models that does not fit together, so that it is not checked for every request. */
  private misfit: { readonly models: readonly Servable[]; readonly reason: string } | undefined;

  private constructor(
    private readonly pipeline: string,
    private readonly graph: PipelineGraph,
    private readonly resolve: ResolveStep,
    private readonly peek: PeekStep,
    /** By the steps' indices, as they were last found. */
    private current: readonly Servable[],
  ) {}

  /** @throws one sentence where a model is not there or does not fit the pipeline */
  static async load(
    pipeline: string,
    graph: PipelineGraph,
    resolve: ResolveStep,
    peek: PeekStep,
  ): Promise<StepModels> {
    const models = await Promise.all(
      graph.steps.map(async (step) => {
        try {
          return await resolve(step.model, step.version);
        } catch (error) {
          throw new Error(
            `\`pipeline.steps[${step.index}].model\` (${step.model}) cannot serve: ${messageOf(error)}`,
            { cause: error },
          );
        }
      }),
    );
    checkFlow(graph, specsOf(models));
    return new StepModels(pipeline, graph, resolve, peek, models);
  }

  /** The model that runs a step now. @throws ServerError */
  find(step: StepNode): Servable | Promise<Servable> {
    const found = this.resolve(step.model, step.version);
    if (found instanceof Promise) return found.then((servable) => this.accept(step, servable));
    return found === this.current[step.index] ? found : this.accept(step, found);
  }

  /** Why no request can be served: a model that cannot, or models that do not fit together any more. */
  unavailable(): string | undefined {
    const { misfit } = this;
    let changed = false;
    for (const step of this.graph.steps) {
      const found = this.peek(step.model, step.version);
      if (typeof found === "string") return `Its ${step.label} is not ready: ${found}`;
      if (misfit && found !== misfit.models[step.index]) changed = true;
    }
    return changed ? undefined : misfit?.reason;
  }

  private accept(step: StepNode, found: Servable): Servable | Promise<Servable> {
    const before = this.current[step.index]!;
    if (found === before) return found;
    if (!sameSpec(found.spec, before.spec)) return this.adoptAll(step);
    this.current = this.current.map((servable, i) => (i === step.index ? found : servable));
    return found;
  }

  /** Several models may have been exchanged together; only their latest versions need fit each other. */
  private async adoptAll(step: StepNode): Promise<Servable> {
    const models = await Promise.all(
      this.graph.steps.map(({ model, version }) => this.resolve(model, version)),
    );
    if (!this.misfit || this.misfit.models.some((servable, i) => servable !== models[i])) {
      this.misfit = undefined;
      try {
        checkFlow(this.graph, specsOf(models));
      } catch (error) {
        this.misfit = { models, reason: `Its models do not fit together any more: ${messageOf(error)}` };
      }
    }
    if (this.misfit) {
      throw new ServerError(
        "ModelNotReady",
        `Pipeline \`${this.pipeline}\` is not ready: ${this.misfit.reason}`,
      );
    }
    this.current = models;
    // Asked again, because a model that was found before another had to be loaded may have gone since.
    return this.find(step);
  }
}

function specsOf(models: readonly Servable[]): ModelSpec[] {
  return models.map(({ spec }) => spec);
}

function sameSpec(a: ModelSpec, b: ModelSpec): boolean {
  return a === b || JSON.stringify([a.inputs, a.outputs]) === JSON.stringify([b.inputs, b.outputs]);
}
