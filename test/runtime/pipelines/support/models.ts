import pino from "pino";
import type { InferRequest } from "../../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import { ServerError } from "../../../../runtime/errors";
import type {
  ModelConfig,
  PipelineConfig,
  PipelineStep,
} from "../../../../runtime/models/model-config-types";
import type { Servable } from "../../../../runtime/models/servable";
import { createPipeline } from "../../../../runtime/pipelines/pipeline-model";
import type { PeekStep, ResolveStep } from "../../../../runtime/pipelines/step-models";
import { floats, ignoredMetrics, mapper, spec } from "./fake-model";

export const step = (
  model: string,
  input: string,
  output: string,
  when?: PipelineStep["when"],
): PipelineStep => ({
  model,
  inputs: { x: input },
  outputs: { y: output },
  when,
});
export const log = pino({ level: "silent" });

/** Models by name that may be exchanged, as in a registry. */
export class Models {
  private readonly byName = new Map<string, Servable>();

  constructor(...models: Servable[]) {
    models.forEach((model) => this.set(model));
  }

  set(model: Servable): void {
    this.byName.set(model.name, model);
  }

  readonly resolve: ResolveStep = (name) => {
    const model = this.byName.get(name);
    if (!model) throw new ServerError("ModelNotFound", `There is no model \`${name}\`.`);
    if (model.unavailable !== undefined) {
      throw new ServerError(
        "ModelNotReady",
        `Model \`${name}\` version 1 is not ready: ${model.unavailable}`,
      );
    }
    return model;
  };

  readonly peek: PeekStep = (name) => {
    try {
      return this.resolve(name) as Servable;
    } catch (error) {
      return (error as Error).message;
    }
  };

  pipeline(
    steps: PipelineStep[],
    rest: Partial<PipelineConfig> = {},
    name = "p",
    more: Partial<ModelConfig> = {},
  ): Promise<Servable> {
    const pipeline = { inputs: [spec("in: FP32 [-1]")], outputs: [spec("out: FP32 [-1]")], steps, ...rest };
    return createPipeline({
      name,
      version: "1",
      config: { sha256: {}, pipeline, ...more },
      metrics: ignoredMetrics,
      log,
      resolve: this.resolve,
      peek: this.peek,
    });
  }
}

export const numbers = (tensors: readonly Tensor[]) =>
  Object.fromEntries(tensors.map(({ name, data }) => [name, Array.from(data as Float32Array)]));
export const ask = async (pipeline: Servable, request: Partial<InferRequest> = {}) =>
  numbers(await pipeline.infer({ inputs: [floats("in", [1, 2])], ...request }));

export const double = () => mapper("double", (value) => 2 * value);
export const negate = () => mapper("negate", (value) => -value);
