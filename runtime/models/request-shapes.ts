import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";

/** What decides which requests may share a run. */
export interface RowsAndKey {
  readonly rows: number;
  readonly key: string;
  /** Whether the key is the request's own. */
  readonly alone: boolean;
}

const ONE: RowsAndKey = { rows: 1, key: "", alone: false };

let aloneCount = 0;

/** A key that no other request has: its request runs alone. */
export function keyOfItsOwn(): string {
  return `alone:${aloneCount++}`;
}

/**
 * Tells of ordered inputs how many rows they bring and with which others they may run.
 * @param batches whether the model batches at all
 * @param strict whether a request whose inputs differ in their rows is refused, instead of being run alone
 */
export function requestShapes(
  model: string,
  spec: ModelSpec,
  batches: boolean,
  strict: boolean,
): (inputs: readonly Tensor[]) => RowsAndKey {
  if (!batches || spec.inputs.length === 0) return () => ONE;
  // Where only the first dimension is free, requests that were checked against the model differ in nothing else.
  const free = spec.inputs.flatMap(({ shape }, i) => (shape.slice(1).includes(-1) ? [i] : []));
  return (inputs) => {
    const rows = inputs[0]!.shape[0]!;
    for (let i = 1; i < inputs.length; i++) {
      if (inputs[i]!.shape[0] === rows) continue;
      if (!strict) return { rows, key: keyOfItsOwn(), alone: true };
      throw invalid(
        `Input \`${inputs[i]!.name}\` has ${inputs[i]!.shape[0]} rows, but input \`${inputs[0]!.name}\` has ${rows}; model \`${model}\` batches rows.`,
      );
    }
    if (free.length === 0) return { rows, key: "", alone: false };
    let key = "";
    for (const i of free) key += `${inputs[i]!.shape.slice(1).join("x")};`;
    return { rows, key, alone: false };
  };
}
