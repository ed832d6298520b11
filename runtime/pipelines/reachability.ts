import type { Datatype } from "../dataplane/datatypes";
import type { TensorSpec } from "../models/signature";
import { dependencies, type Producer, type StepNode } from "./graph";

type Producers = ReadonlyMap<string, Producer>;

/** @throws one sentence that lists the tensors of a cycle in order */
export function requireAcyclic(producers: Producers): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      const cycle = [...path.slice(start), name].map((tensor) => `\`${tensor}\``).join(" → ");
      throw new Error(`\`pipeline\` has a cycle: ${cycle}, where each tensor is needed for the next.`);
    }
    // Walked from what gives to what needs, so that the cycle reads in the direction of the data.
    for (const user of usersOf(producers, name)) visit(user, [...path, name]);
    done.add(name);
  };
  for (const name of producers.keys()) visit(name, []);
}

function usersOf(producers: Producers, name: string): string[] {
  return [...producers].flatMap(([tensor, producer]) =>
    dependencies(producer).includes(name) ? [tensor] : [],
  );
}

/** @throws one sentence that names a step, or a combination, on which no output of the pipeline depends */
export function requireReachable(
  producers: Producers,
  steps: readonly StepNode[],
  outputs: readonly TensorSpec<Datatype>[],
): void {
  const needed = new Set<Producer>();
  const visit = (name: string): void => {
    const producer = producers.get(name)!;
    if (needed.has(producer)) return;
    needed.add(producer);
    dependencies(producer).forEach(visit);
  };
  for (const { name } of outputs) visit(name);
  for (const { index, label, outputs: given } of steps) {
    if (!needed.has(producers.get(Object.values(given)[0]!)!)) {
      throw new Error(
        `\`pipeline.steps[${index}]\` is never run: no output of the pipeline needs what ${label} gives; remove it, or add one of its tensors to \`pipeline.outputs\`.`,
      );
    }
  }
  for (const producer of producers.values()) {
    if (producer.kind === "combine" && !needed.has(producer)) {
      throw new Error(
        `\`${producer.field}\` is never computed: no output of the pipeline needs \`${producer.output}\`.`,
      );
    }
  }
}
