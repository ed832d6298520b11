import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { PipelineCondition } from "../models/model-config-types";
import { combine } from "./combine";
import { matches, singleValue, subjectOf } from "./condition";
import {
  dependencies,
  stepDependencies,
  type CombineNode,
  type PipelineGraph,
  type Producer,
  type StepGroup,
  type StepNode,
} from "./graph";
import { dataForStep } from "./ownership";

export interface RunOrders {
  readonly graph: PipelineGraph;
  /** The pipeline's inputs; their data belongs to the run. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Runs a model on inputs that then belong to it. */
  runStep(step: StepNode, inputs: Tensor[], outputs: string[]): Promise<Tensor[]>;
}

/** How often each tensor may be used for the given outputs, with every alternative of a switch counted. */
export function countUses(graph: PipelineGraph, outputs: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>();
  const visited = new Set<Producer>();
  const use = (name: string): void => {
    uses.set(name, (uses.get(name) ?? 0) + 1);
    const producer = graph.producers.get(name)!;
    if (visited.has(producer)) return;
    visited.add(producer);
    dependencies(producer).forEach(use);
  };
  outputs.forEach(use);
  return uses;
}

/**
 * One request on its way through the graph, from the outputs that it wants back to its inputs: each step starts as soon
 * as its tensors are there, and what nothing needs never runs. Tensors are handed on without a copy to their last user.
 */
export class PipelineRun {
  private readonly tensors = new Map<string, Promise<Tensor>>();
  private readonly groups = new Map<StepGroup, Promise<Map<string, Tensor>>>();
  private over = false;

  /** @param uses from `countUses` for the same outputs; used up by the run */
  constructor(
    private readonly orders: RunOrders,
    private readonly uses: Map<string, number>,
  ) {
    for (const input of orders.inputs) this.tensors.set(input.name, Promise.resolve(input));
  }

  /** Whether the answer is decided, so that steps which have not started need not. */
  get ended(): boolean {
    return this.over;
  }

  /** The outputs in the order of the request. Rejects with the first failure of a step. */
  async answer(): Promise<Tensor[]> {
    try {
      return await Promise.all(this.orders.outputs.map((name) => this.tensor(name)));
    } finally {
      this.over = true;
    }
  }

  private tensor(name: string): Promise<Tensor> {
    let tensor = this.tensors.get(name);
    if (!tensor) {
      tensor = this.produce(name);
      // Whoever needs it sees its failure; when another failure came first, nobody looks any more.
      tensor.catch(() => undefined);
      this.tensors.set(name, tensor);
    }
    return tensor;
  }

  private produce(name: string): Promise<Tensor> {
    const producer = this.orders.graph.producers.get(name)!;
    if (producer.kind === "combine") return this.combined(producer);
    const group = producer as StepGroup;
    let outputs = this.groups.get(group);
    if (!outputs) this.groups.set(group, (outputs = this.run(name, group)));
    return outputs.then((tensors) => tensors.get(name)!);
  }

  private async combined(node: CombineNode): Promise<Tensor> {
    const parts = await Promise.all(node.of.map((name) => this.tensor(name)));
    const joined = combine(node, parts);
    node.of.forEach((name) => this.release(name));
    return joined;
  }

  private async run(name: string, group: StepGroup): Promise<Map<string, Tensor>> {
    const step = group.alternatives[0]!.when ? await this.choose(name, group) : group.alternatives[0]!;
    const given = Object.entries(step.inputs);
    const tensors = await Promise.all(given.map(([, tensor]) => this.tensor(tensor)));
    const inputs = given.map(([input, tensor], i): Tensor => {
      const { datatype, shape } = tensors[i]!;
      return { name: input, datatype, shape, data: this.take(tensor, tensors[i]!) };
    });
    const wanted = Object.entries(step.outputs).filter(([, tensor]) => this.usesOf(tensor) > 0);
    const answer = await this.orders.runStep(
      step,
      inputs,
      wanted.map(([output]) => output),
    );
    const outputs = new Map<string, Tensor>();
    for (const [output, tensor] of wanted) {
      const { datatype, shape, data } = answer.find((candidate) => candidate.name === output)!;
      outputs.set(tensor, { name: tensor, datatype, shape, data });
    }
    return outputs;
  }

  /** The first alternative whose condition the request meets; what only the others need is not computed. */
  private async choose(name: string, { alternatives }: StepGroup): Promise<StepNode> {
    const last = alternatives[alternatives.length - 1]!;
    if (last.when!.otherwise) this.prepareShared(alternatives);
    const read: string[] = [];
    for (const [i, step] of alternatives.entries()) {
      const value = await this.valueFor(step.when!);
      if (matches(step.when!, value)) {
        for (const other of alternatives.slice(0, i))
          Object.values(other.inputs).forEach((t) => this.release(t));
        for (const other of alternatives.slice(i + 1))
          stepDependencies(other).forEach((t) => this.release(t));
        return step;
      }
      const text = `${subjectOf(step.when!)} is ${value === undefined ? "missing" : shownValue(value)}`;
      if (!read.includes(text)) read.push(text);
    }
    throw invalid(`No step of the pipeline gives \`${name}\` for this request: ${read.join(", ")}.`);
  }

  /** Starts what every alternative needs while the switch waits for the tensor that decides it. */
  private prepareShared([first, ...others]: readonly StepNode[]): void {
    for (const name of Object.values(first!.inputs)) {
      if (others.every(({ inputs }) => Object.values(inputs).includes(name))) void this.tensor(name);
    }
  }

  private async valueFor(when: PipelineCondition): Promise<unknown> {
    const { parameter, tensor } = when;
    if (tensor !== undefined) {
      const value = singleValue(await this.tensor(tensor));
      this.release(tensor);
      return value;
    }
    const { parameters } = this.orders;
    return parameter !== undefined && Object.hasOwn(parameters, parameter)
      ? parameters[parameter]
      : undefined;
  }

  private usesOf(name: string): number {
    return this.uses.get(name) ?? 0;
  }

  private take(name: string, tensor: Tensor): Tensor["data"] {
    const left = this.usesOf(name) - 1;
    this.uses.set(name, left);
    return dataForStep(tensor, left === 0);
  }

  /** One user less. What is left without any before it was computed needs its own tensors no more either. */
  private release(name: string): void {
    const left = this.usesOf(name) - 1;
    this.uses.set(name, left);
    if (left > 0 || this.tensors.has(name)) return;
    const producer = this.orders.graph.producers.get(name)!;
    if (producer.kind === "combine") producer.of.forEach((tensor) => this.release(tensor));
    if (producer.kind !== "steps" || this.groups.has(producer)) return;
    const given = Object.values(producer.alternatives[0]!.outputs);
    if (given.some((tensor) => this.usesOf(tensor) > 0)) return;
    dependencies(producer).forEach((tensor) => this.release(tensor));
  }
}

function shownValue(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
