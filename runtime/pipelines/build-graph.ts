import { DATATYPE_LIST, isDatatype, type Datatype } from "../dataplane/datatypes";
import type { PipelineCombine, PipelineConfig } from "../models/model-config-types";
import type { TensorSpec } from "../models/signature";
import { requireCombine } from "./combine";
import { covers, requireCondition } from "./condition";
import { dependencies, type PipelineGraph, type Producer, type StepGroup, type StepNode } from "./graph";
import { requireAcyclic, requireReachable } from "./reachability";

const INPUT: Producer = { kind: "input" };

/**
 * Checks what a pipeline says of itself, before any model is asked.
 * @throws one sentence that names the field of `model.json`
 */
export function pipelineGraph(config: PipelineConfig): PipelineGraph {
  const inputs = declared("inputs", config.inputs);
  const outputs = declared("outputs", config.outputs);
  const steps = config.steps.map((step, index): StepNode => {
    if (step.when) requireCondition(`pipeline.steps[${index}].when`, step.when);
    return { ...step, index, label: `step ${index + 1} (\`${step.model}\`)` };
  });
  if (steps.length === 0) throw new Error("`pipeline.steps` must hold at least one step.");
  const producers = new Map<string, Producer>(inputs.map(({ name }) => [name, INPUT]));
  for (const step of steps) addStep(producers, step);
  config.combine?.forEach((combine, i) => addCombine(producers, `pipeline.combine[${i}]`, combine));
  requireGiven(producers, steps, outputs);
  requireAcyclic(producers);
  requireReachable(producers, steps, outputs);
  return { inputs, outputs, steps, producers, warnings: warningsOf(producers) };
}

function declared(kind: "inputs" | "outputs", tensors: PipelineConfig["inputs"]): TensorSpec<Datatype>[] {
  if (tensors.length === 0) throw new Error(`\`pipeline.${kind}\` must hold at least one tensor.`);
  return tensors.map(({ name, datatype, shape }, i) => {
    if (!isDatatype(datatype)) {
      throw new Error(`\`pipeline.${kind}[${i}].datatype\` (${datatype}) must be one of ${DATATYPE_LIST}.`);
    }
    if (tensors.findIndex((tensor) => tensor.name === name) !== i) {
      throw new Error(`\`pipeline.${kind}\` names \`${name}\` more than once.`);
    }
    return { name, datatype, shape };
  });
}

function addStep(producers: Map<string, Producer>, step: StepNode): void {
  const given = Object.values(step.outputs);
  const field = `pipeline.steps[${step.index}]`;
  if (given.length === 0)
    throw new Error(`\`${field}.outputs\` must name at least one output of \`${step.model}\`.`);
  for (const [i, name] of given.entries()) {
    if (given.indexOf(name) !== i)
      throw new Error(`\`${field}.outputs\` gives the tensor \`${name}\` twice.`);
  }
  const before = given.map((name) => producers.get(name));
  const group = before.find((producer) => producer !== undefined);
  if (!group) {
    const alone: StepGroup = { kind: "steps", alternatives: [step] };
    for (const name of given) producers.set(name, alone);
    return;
  }
  const name = given[before.indexOf(group)]!;
  if (group.kind !== "steps")
    throw new Error(
      `\`${field}.outputs\` gives the tensor \`${name}\`, which is an input of the pipeline already.`,
    );
  const first = group.alternatives[0]!;
  if (!step.when || !first.when) {
    throw new Error(
      `\`${field}.outputs\` gives the tensor \`${name}\`, which ${first.label} gives already; name it otherwise, or give both steps a \`when\`.`,
    );
  }
  const same = Object.values(first.outputs);
  if (same.length !== given.length || before.some((producer) => producer !== group)) {
    throw new Error(
      `\`${field}\` is an alternative to ${first.label}, so it must give the same tensors: ${same.map((tensor) => `\`${tensor}\``).join(", ")}.`,
    );
  }
  const taken = group.alternatives.find((earlier) => covers(earlier.when!, step.when!));
  if (taken) {
    throw new Error(`\`${field}.when\` never decides: ${taken.label} matches before it whenever it would.`);
  }
  const joined: StepGroup = { kind: "steps", alternatives: [...group.alternatives, step] };
  for (const tensor of given) producers.set(tensor, joined);
}

function addCombine(producers: Map<string, Producer>, field: string, combine: PipelineCombine): void {
  requireCombine(field, combine);
  if (producers.has(combine.output)) {
    throw new Error(`\`${field}.output\` gives the tensor \`${combine.output}\`, which is given already.`);
  }
  producers.set(combine.output, { ...combine, kind: "combine", field });
}

function requireGiven(
  producers: ReadonlyMap<string, Producer>,
  steps: readonly StepNode[],
  outputs: readonly TensorSpec<Datatype>[],
): void {
  const require = (field: string, name: string) => {
    if (!producers.has(name)) {
      throw new Error(
        `\`${field}\` names the tensor \`${name}\`, but neither an input nor a step nor a combination of the pipeline gives it.`,
      );
    }
  };
  for (const { index, inputs, when } of steps) {
    for (const [input, name] of Object.entries(inputs))
      require(`pipeline.steps[${index}].inputs.${input}`, name);
    if (when?.tensor !== undefined) require(`pipeline.steps[${index}].when.tensor`, when.tensor);
  }
  for (const producer of producers.values()) {
    if (producer.kind === "combine")
      producer.of.forEach((name, i) => require(`${producer.field}.of[${i}]`, name));
  }
  outputs.forEach(({ name }, i) => require(`pipeline.outputs[${i}]`, name));
}

function warningsOf(producers: ReadonlyMap<string, Producer>): string[] {
  const warnings: string[] = [];
  const used = new Set([...new Set(producers.values())].flatMap(dependencies));
  const seen = new Set<Producer>();
  for (const [name, producer] of producers) {
    if (producer.kind === "input" && !used.has(name)) {
      warnings.push(`No step of the pipeline uses its input \`${name}\`.`);
    }
    if (producer.kind !== "steps" || seen.has(producer)) continue;
    seen.add(producer);
    const { when, label } = producer.alternatives[producer.alternatives.length - 1]!;
    if (when && !when.otherwise) {
      warnings.push(
        `No step gives \`${name}\` for requests that match none of its conditions, they get 400; add an alternative to ${label} with \`"when": {"otherwise": true}\`.`,
      );
    }
  }
  return warnings;
}
