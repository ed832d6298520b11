import type { Datatype } from "../dataplane/datatypes";
import type { PipelineCombine, PipelineStep } from "../models/model-config-types";
import type { TensorSpec } from "../models/signature";

/** A step with its place in the pipeline. */
export interface StepNode extends PipelineStep {
  readonly index: number;
  /** ``step 2 (`classify`)`` for messages. */
  readonly label: string;
}

/** The steps of which one gives a set of tensors: a single step, or the alternatives of a switch in order. */
export interface StepGroup {
  readonly kind: "steps";
  readonly alternatives: readonly StepNode[];
}

export interface CombineNode extends PipelineCombine {
  readonly kind: "combine";
  readonly field: string;
}

/** What gives a tensor. */
export type Producer = { readonly kind: "input" } | StepGroup | CombineNode;

/** A pipeline whose names fit together; whether its models do is another check. */
export interface PipelineGraph {
  readonly inputs: readonly TensorSpec<Datatype>[];
  readonly outputs: readonly TensorSpec<Datatype>[];
  readonly steps: readonly StepNode[];
  /** By tensor. */
  readonly producers: ReadonlyMap<string, Producer>;
  /** Sentences on what is allowed but likely a mistake. */
  readonly warnings: readonly string[];
}

/** Tensors that something must have before it can run, with repetitions where a tensor is used twice. */
export function dependencies(producer: Producer): string[] {
  if (producer.kind === "input") return [];
  if (producer.kind === "combine") return [...producer.of];
  return producer.alternatives.flatMap(stepDependencies);
}

export function stepDependencies({ inputs, when }: StepNode): string[] {
  return when?.tensor === undefined ? Object.values(inputs) : [when.tensor, ...Object.values(inputs)];
}
