import type { Datatype } from "../dataplane/datatypes";
import type { ModelSpec } from "../dataplane/model-spec";
import type { TensorSpec } from "../models/signature";
import { combinedSpec } from "./combine";
import { requireComparable } from "./condition";
import type { PipelineGraph, Producer, StepGroup, StepNode } from "./graph";

type Spec = TensorSpec<Datatype>;

/**
 * Follows types and shapes through the pipeline. A size that is free on either side fits; the model checks it again
 * when it runs.
 * @param specs what the steps' models take and give, by the steps' indices
 * @throws one sentence that names the step, the tensor and both sides
 */
export function checkFlow(graph: PipelineGraph, specs: readonly ModelSpec[]): void {
  const known = new Map<string, Spec>(graph.inputs.map((input) => [input.name, input]));
  const specOf = (name: string): Spec => {
    let spec = known.get(name);
    if (!spec) known.set(name, (spec = given(name, graph.producers.get(name)!)));
    return spec;
  };
  const given = (name: string, producer: Producer): Spec => {
    if (producer.kind === "combine") return combinedSpec(producer.field, producer, producer.of.map(specOf));
    return stepsSpec(name, producer as StepGroup, specs);
  };
  for (const step of graph.steps) requireInputs(step, specs[step.index]!, specOf);
  for (const output of graph.outputs) {
    const actual = specOf(output.name);
    if (!fits(actual, output)) {
      throw new Error(
        `\`pipeline.outputs\` declares \`${output.name}\` as ${shown(output)}, but the pipeline gives ${shown(actual)}.`,
      );
    }
  }
}

function requireInputs(step: StepNode, spec: ModelSpec, specOf: (name: string) => Spec): void {
  const field = `pipeline.steps[${step.index}]`;
  for (const input of Object.keys(step.inputs)) {
    if (!spec.inputs.some(({ name }) => name === input)) {
      throw new Error(
        `\`${field}.inputs\` names \`${input}\`, but model \`${step.model}\` takes ${names(spec.inputs)}.`,
      );
    }
  }
  for (const input of spec.inputs) {
    const name = Object.hasOwn(step.inputs, input.name) ? step.inputs[input.name] : undefined;
    if (name === undefined) {
      throw new Error(
        `\`${field}.inputs\` must name a tensor for \`${input.name}\` (${shown(input)}) of model \`${step.model}\`.`,
      );
    }
    const tensor = specOf(name);
    if (!fits(tensor, input)) {
      throw new Error(
        `\`${field}.inputs.${input.name}\` is the tensor \`${name}\` (${shown(tensor)}), but model \`${step.model}\` takes ${shown(input)}.`,
      );
    }
  }
  if (step.when?.tensor !== undefined)
    requireComparable(`${field}.when`, step.when, specOf(step.when.tensor));
}

/** A tensor as all alternatives that may give it have in common. */
function stepsSpec(name: string, { alternatives }: StepGroup, specs: readonly ModelSpec[]): Spec {
  const candidates = alternatives.map((step) => outputSpec(step, name, specs[step.index]!));
  const [first] = candidates as [Spec];
  let shape = first.shape;
  candidates.forEach((candidate, k) => {
    if (candidate.datatype !== first.datatype || candidate.shape.length !== shape.length) {
      throw new Error(
        `The alternatives of \`pipeline\` that give \`${name}\` differ: ${alternatives[0]!.label} gives ${shown(first)}, but ${alternatives[k]!.label} gives ${shown(candidate)}.`,
      );
    }
    shape = shape.map((size, i) => (size === candidate.shape[i] ? size : -1));
  });
  return { name, datatype: first.datatype, shape };
}

function outputSpec(step: StepNode, name: string, spec: ModelSpec): Spec {
  for (const output of Object.keys(step.outputs)) {
    if (!spec.outputs.some((candidate) => candidate.name === output)) {
      throw new Error(
        `\`pipeline.steps[${step.index}].outputs\` names \`${output}\`, but model \`${step.model}\` gives ${names(spec.outputs)}.`,
      );
    }
  }
  const output = Object.keys(step.outputs).find((candidate) => step.outputs[candidate] === name)!;
  return spec.outputs.find((candidate) => candidate.name === output)!;
}

/** Models give no dimensions for scalars, but neither for tensors whose rank they do not know. */
function unranked({ shape }: Spec): boolean {
  return shape.length === 0;
}

function fits(actual: Spec, wanted: Spec): boolean {
  if (actual.datatype !== wanted.datatype) return false;
  if (unranked(actual)) return true;
  if (actual.shape.length !== wanted.shape.length) return false;
  return wanted.shape.every((size, i) => size === -1 || actual.shape[i] === -1 || size === actual.shape[i]);
}

function shown({ datatype, shape }: Spec): string {
  return `${datatype} [${shape.join(", ")}]`;
}

function names(specs: readonly Spec[]): string {
  return specs.map(({ name }) => `\`${name}\``).join(", ");
}
